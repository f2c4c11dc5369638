import type { Fix, RuleContext, Severity } from './findings';
import type { ChaosObject } from '../experiments/experiment';

export type { RuleContext } from './findings';

/** A change of a text: what is between two offsets is replaced. */
export interface TextChange {
  start: number;
  end: number;
  text: string;
}

/** Something about a text that its author should know. */
export interface Finding {
  start: number;
  end: number;
  severity: Severity;
  code: string;
  message: string;
  /** Which check says it: the YAML parser, the schema, or the rules that no schema can say. */
  source: 'syntax' | 'schema' | 'rule';
  /** Which object of the text it is about. */
  object: number;
  fixes: readonly Fix[];
}

/** One Chaos Mesh object of a text. */
export interface WrittenObject {
  /** Its place among the documents of the text. */
  index: number;
  /** Where its first field begins and its last value ends. */
  start: number;
  end: number;
  kind: string;
  /** '' where the text names none. */
  namespace: string;
  name: string;
  /** As it would be sent; undefined where it has no name, kind or spec to speak of. */
  manifest: ChaosObject | undefined;
}

/** What a text holds. */
export interface CheckedText {
  objects: readonly WrittenObject[];
  findings: readonly Finding[];
}

/** A field or value that can be written at a place. */
export interface Suggestion {
  label: string;
  detail: string;
  description: string;
  /** What is written; `$1` and so on are places to fill in. */
  insert: string;
  kind: 'field' | 'value';
  required: boolean;
}

/** A text about what stands between two offsets. */
export interface Explanation {
  start: number;
  end: number;
  text: string;
}

/** An experiment to begin with. */
export interface Template {
  id: string;
  title: string;
  description: string;
  kind: string;
  text: string;
}

/** Knows Chaos Mesh's objects as texts. Nothing here throws on any text. */
export interface ChaosLanguage {
  /** Objects of other API groups in the same text are passed over. */
  check: (text: string, context: RuleContext) => CheckedText;
  /** What a fix changes; undefined where the text no longer has the place. */
  change: (text: string, object: number, fix: Fix) => TextChange | undefined;
  complete: (text: string, offset: number) => Suggestion[];
  explain: (text: string, offset: number) => Explanation | undefined;
  templates: (context: RuleContext) => Template[];
  /** An object as a text for people to edit: without status and what the server adds. */
  write: (object: ChaosObject) => string;
}

/** True where a text may hold a Chaos Mesh object: cheap enough to be asked of every YAML file. */
export const mentionsChaos = (text: string): boolean =>
  /^[ \t]*(- )?["']?apiVersion["']?[ \t]*:[ \t]*["']?chaos-mesh\.org\//m.test(text);
