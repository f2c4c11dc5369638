import type { Text } from '../base/text';

/** Where in a document: `['steps', 2, 'targets']`. */
export type DocumentPath = readonly (string | number)[];

/** What is wrong with a scenario, and where. */
export interface ScenarioIssue {
  path: DocumentPath;
  message: Text;
  /** It is about the field's name, not its value. */
  onName?: boolean;
  /** The word that was most likely meant. */
  meant?: string;
}

/** Notes what is wrong at a path. */
export type Complain = (path: DocumentPath, message: Text, onName?: boolean, meant?: string) => void;
