import type { ReportChart } from '../charts/drawings';

/** How a result is taken: it has a colour where colours are, besides its sign and its word. */
export type Tone = 'good' | 'bad' | 'doubt';
/** A piece of a line. Texts are plain: each writer escapes them. `to`: the id of a heading of the report. */
export type Inline =
  | string
  | { code: string }
  | { strong: string; tone?: Tone | undefined }
  | { text: string; tone?: Tone | undefined; to?: string };
/** What stands on one line or in one cell. */
export type ReportLine = Inline | readonly Inline[];

/** A table; `figures` are the places of the columns that hold numbers. */
export interface ReportTable {
  type: 'table';
  head: readonly string[];
  rows: readonly (readonly ReportLine[])[];
  figures?: readonly number[];
}

/** A part of a report. */
export type Block =
  | { type: 'heading'; text: string; level?: 2 | 3; id?: string }
  | { type: 'summary'; text: ReportLine; tone?: Tone | undefined }
  | { type: 'paragraph'; text: ReportLine }
  | { type: 'list'; items: readonly ReportLine[] }
  | { type: 'facts'; rows: readonly (readonly [name: string, value: ReportLine])[] }
  | ReportTable
  | { type: 'details'; summary: string; blocks: readonly Block[] }
  | { type: 'charts'; charts: readonly ReportChart[] }
  | { type: 'code'; language: string; text: string };

/** A report before it is written in a format. */
export interface ReportDocument {
  /** BCP 47. */
  language: string;
  title: string;
  blocks: readonly Block[];
}

/** The pieces of a line. */
export const inlines = (line: ReportLine): readonly Inline[] =>
  typeof line === 'string' || !('length' in line) ? [line] : line;
