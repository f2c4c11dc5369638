import type { NodeRank } from '../core/diagnosis/types';
import type { Scoreboard } from '../core/evaluation/scoreboard';
import type { ExperimentVerdict } from '../core/evaluation/verdict';
import type { PanelDiagnosis, PanelState } from './protocol';

/** One node of the anomaly graph. */
export type PanelGraphNode = NodeRank;

/** The compound anomaly graph; of each node its heaviest edges, by the places of their nodes, heaviest first. */
export interface PanelGraph {
  nodes: readonly PanelGraphNode[];
  edges: readonly { from: number; to: number; weight: number }[];
}

/** A name that was wrong. */
interface PanelFalseName {
  node: string;
  title: string;
  at: number;
  probability: number;
}

/** An experiment of ours against the diagnosis; delays in milliseconds. */
export interface PanelVerdict extends Pick<
  ExperimentVerdict,
  'state' | 'carriedOver' | 'lookedLate' | 'namedPairs' | 'allPairs'
> {
  key: string;
  title: string;
  nodes: readonly string[];
  fromMs: number;
  seenAfterMs: number | undefined;
  firstAfterMs: number | undefined;
  healedAfterMs: number | undefined;
  acting: boolean;
  falseNames: readonly PanelFalseName[];
}

/** The score of the session, newest experiment first. */
export interface PanelBoard extends Omit<Scoreboard, 'verdicts'> {
  verdicts: readonly PanelVerdict[];
}

/** The diagnosis of a moment that is over. */
export type PastMessage =
  | { type: 'past'; atMs: number; state: 'loading' }
  /** `unknown`: current pods that did not exist at that time, and whose predecessors are unknown. */
  | {
      type: 'past';
      atMs: number;
      state: 'done';
      diagnosis: PanelDiagnosis;
      known: PanelState;
      unknown: readonly string[];
    }
  | { type: 'past'; atMs: number; state: 'failed'; message: string; hint: string | undefined };

/** Host → view, about the evaluation and past moments. */
export type EvaluationHostMessage = { type: 'truth'; board: PanelBoard } | PastMessage;

/** View → host, about the evaluation and past moments. */
export type EvaluationViewMessage =
  | { type: 'diagnoseAt'; atMs: number }
  /** The past is not looked at any more. */
  | { type: 'diagnoseLive' }
  | { type: 'saveReport'; key: string };

/** A message about the evaluation and past moments, parsed as unknown input; undefined when it is none. */
export function parseEvaluationMessage(input: Record<string, unknown>): EvaluationViewMessage | undefined {
  const { type, atMs, key } = input;
  switch (type) {
    case 'diagnoseAt':
      return typeof atMs === 'number' && Number.isInteger(atMs) && atMs > 0 && atMs < 8.64e15
        ? { type, atMs }
        : undefined;
    case 'diagnoseLive':
      return { type };
    case 'saveReport':
      return typeof key === 'string' && key.length > 0 && key.length <= 1000 ? { type, key } : undefined;
    default:
      return undefined;
  }
}

/** A message of the host about the evaluation and past moments, checked in outline; undefined when it is none. */
export function parseEvaluationHostMessage(message: Record<string, unknown>): EvaluationHostMessage | undefined {
  const { type, board, atMs, state, diagnosis, known, unknown, message: text } = message;
  switch (type) {
    case 'truth': {
      const verdicts = (board as { verdicts?: unknown } | undefined | null)?.verdicts;
      return Array.isArray(verdicts) ? (message as unknown as EvaluationHostMessage) : undefined;
    }
    case 'past': {
      const stated = (known as { state?: unknown } | undefined | null)?.state;
      const pairs = (diagnosis as { pairs?: unknown } | undefined | null)?.pairs;
      const whole =
        state === 'loading' ||
        (state === 'done' && Array.isArray(pairs) && Array.isArray(unknown) && typeof stated === 'string') ||
        (state === 'failed' && typeof text === 'string');
      return typeof atMs === 'number' && whole ? (message as unknown as EvaluationHostMessage) : undefined;
    }
    default:
      return undefined;
  }
}
