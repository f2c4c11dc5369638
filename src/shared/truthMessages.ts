import type { PanelDiagnosis, PanelState } from './protocol';

/** One node of the anomaly graph. */
export interface PanelGraphNode {
  node: string;
  /** 0 to 1: how anomalous. */
  rank: number;
  /** Mean 1 over the nodes. */
  influence: number;
  anomalous: boolean;
}

/** The compound anomaly graph; edges by the places of their nodes, heaviest first. */
export interface PanelGraph {
  nodes: readonly PanelGraphNode[];
  edges: readonly { from: number; to: number; weight: number }[];
  /** Weaker edges that are not among them. */
  left: number;
}

/** A name that was wrong. */
interface PanelFalseName {
  node: string;
  title: string;
  at: number;
  probability: number;
}

/** An experiment of ours against the diagnosis; delays in milliseconds. */
export interface PanelVerdict {
  key: string;
  title: string;
  nodes: readonly string[];
  fromMs: number;
  state: 'waiting' | 'seen' | 'missed' | 'tooShort' | 'unobserved' | 'notDiagnosable' | 'notWatched';
  seenAfterMs: number | undefined;
  carriedOver: boolean;
  lookedLate: boolean;
  firstAfterMs: number | undefined;
  namedPairs: number;
  allPairs: number;
  healedAfterMs: number | undefined;
  acting: boolean;
  falseNames: readonly PanelFalseName[];
}

/** The score of the session, newest experiment first. */
export interface PanelBoard {
  verdicts: readonly PanelVerdict[];
  judged: number;
  seen: number;
  namedFirst: number;
  ac: { 1: number; 3: number; 5: number } | undefined;
  cases: number;
  seenAfterMs: number | undefined;
  healedAfterMs: number | undefined;
  falseAlarms: number;
  quietMs: number;
  falseAlarmsPerHour: number | undefined;
}

/** A picture to be drawn by the page. */
export interface PanelDrawing {
  svg: string;
  width: number;
  height: number;
}

/** The diagnosis of a moment that is over. */
export type PastMessage =
  | { type: 'past'; atMs: number; state: 'loading' }
  /** `unknown`: pods of now that were not there then, and of which it is not known what ran in their place. */
  | {
      type: 'past';
      atMs: number;
      state: 'done';
      diagnosis: PanelDiagnosis;
      known: PanelState;
      unknown: readonly string[];
    }
  | { type: 'past'; atMs: number; state: 'failed'; message: string; hint: string | undefined };

/** Host → view, about the truth and the past. */
export type TruthHostMessage =
  { type: 'truth'; board: PanelBoard } | PastMessage | { type: 'draw'; id: number; drawings: readonly PanelDrawing[] };

/** View → host, about the truth and the past. */
export type TruthViewMessage =
  | { type: 'diagnoseAt'; atMs: number }
  /** The past is not looked at any more. */
  | { type: 'diagnoseLive' }
  | { type: 'saveReport'; key: string }
  /** The drawings of a `draw` as PNG, in its order; none where they could not be made. */
  | { type: 'drawn'; id: number; pictures: readonly Uint8Array[] };

/** As many drawings as a report has at the most. */
const MAX_DRAWINGS = 40;
const MAX_PICTURE_BYTES = 4 * 1024 * 1024;
const PNG = [0x89, 0x50, 0x4e, 0x47, 0x0d, 0x0a, 0x1a, 0x0a];

function picture(value: unknown): Uint8Array | undefined {
  const bytes = value instanceof ArrayBuffer ? new Uint8Array(value) : value;
  if (!(bytes instanceof Uint8Array) || bytes.length > MAX_PICTURE_BYTES) return undefined;
  return PNG.every((byte, i) => bytes[i] === byte) ? bytes : undefined;
}

/** A message about the truth and the past, parsed as unknown input; undefined when it is none. */
export function parseTruthMessage(input: Record<string, unknown>): TruthViewMessage | undefined {
  const { type, atMs, key, id, pictures } = input;
  switch (type) {
    case 'diagnoseAt':
      return typeof atMs === 'number' && Number.isInteger(atMs) && atMs > 0 && atMs < 8.64e15
        ? { type, atMs }
        : undefined;
    case 'diagnoseLive':
      return { type };
    case 'saveReport':
      return typeof key === 'string' && key.length > 0 && key.length <= 1000 ? { type, key } : undefined;
    case 'drawn': {
      if (typeof id !== 'number' || !Number.isInteger(id) || id < 0) return undefined;
      if (!Array.isArray(pictures) || pictures.length > MAX_DRAWINGS) return undefined;
      const bytes = pictures.map(picture);
      return bytes.some((one) => one === undefined) ? undefined : { type, id, pictures: bytes as Uint8Array[] };
    }
    default:
      return undefined;
  }
}

/** A message of the host about the truth and the past, checked in outline; undefined when it is none. */
export function parseTruthHostMessage(message: Record<string, unknown>): TruthHostMessage | undefined {
  const { type, board, atMs, state, diagnosis, known, unknown, message: text, id, drawings } = message;
  switch (type) {
    case 'truth': {
      const verdicts = (board as { verdicts?: unknown } | undefined | null)?.verdicts;
      return Array.isArray(verdicts) ? (message as unknown as TruthHostMessage) : undefined;
    }
    case 'past': {
      const stated = (known as { state?: unknown } | undefined | null)?.state;
      const pairs = (diagnosis as { pairs?: unknown } | undefined | null)?.pairs;
      const whole =
        state === 'loading' ||
        (state === 'done' && Array.isArray(pairs) && Array.isArray(unknown) && typeof stated === 'string') ||
        (state === 'failed' && typeof text === 'string');
      return typeof atMs === 'number' && whole ? (message as unknown as TruthHostMessage) : undefined;
    }
    case 'draw':
      return typeof id === 'number' && Array.isArray(drawings) ? (message as unknown as TruthHostMessage) : undefined;
    default:
      return undefined;
  }
}
