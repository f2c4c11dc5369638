import type { Scenario } from './scenario';

/** What is wrong at a place of a text; lines and columns from 0. */
export interface TextIssue {
  message: string;
  line: number;
  column: number;
  endLine: number;
  endColumn: number;
  /** What most likely was to stand there. */
  meant?: string;
}

/** A scenario's text as it was read: the scenario where nothing is wrong. */
export interface ScenarioText {
  scenario: Scenario | undefined;
  issues: readonly TextIssue[];
}

/** Reads and writes scenario files. Nothing here throws on any text. */
export interface ScenarioLanguage {
  read: (text: string) => ScenarioText;
  write: (scenario: Scenario) => string;
}

/** True for the name of a scenario's file. */
export const isScenarioFile = (path: string): boolean => /\.scenario\.ya?ml$/i.test(path);
