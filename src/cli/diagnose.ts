import type { DiagnosisAnswer } from '../../types/index';
import { toAppError } from '../core/base/errors';
import { formatPercent } from '../core/base/percent';
import { faultTitle } from '../core/faults/catalogue';
import { reasonText } from '../core/diagnosis/reasonText';
import type { Reason } from '../core/diagnosis/types';
import { formatDuration } from '../core/time/duration';
import { timeWriter } from '../core/time/dayTime';
import { sleep } from '../core/time/waiting';
import { createApi } from '../ui/scripting/api';
import { STDOUT, type CliOptions } from './commandLine/arguments';
import { putJson } from './json';
import type { CliSession } from './session';
import type { Colour, Terminal } from './terminal';
import { errorLine } from './words';

/** What a look at the database needs. */
export interface DiagnoseParts {
  options: CliOptions;
  session: CliSession;
  /** Aborted, a watch ends. */
  signal: AbortSignal;
  terminal: Terminal;
}

const CODES: Readonly<Record<DiagnosisAnswer['state'], number>> = {
  normal: 0,
  anomalous: 1,
  collecting: 2,
  unknown: 2,
};
const COLOURS: Readonly<Record<DiagnosisAnswer['state'], Colour>> = {
  normal: 'good',
  anomalous: 'bad',
  collecting: 'doubt',
  unknown: 'doubt',
};
const HEADS: Readonly<Record<DiagnosisAnswer['state'], string>> = {
  normal: 'No anomaly detected',
  anomalous: 'Anomalous',
  collecting: 'Collecting data',
  unknown: 'Unknown',
};
const WATCH_MS = 10_000;
const MOST_REASONS = 3;
const times = timeWriter('en');

/** Says what the diagnosis says now, or watches it until aborted; resolves with the exit code. */
export async function diagnose(parts: DiagnoseParts): Promise<number> {
  const { options, session, signal, terminal } = parts;
  const api = createApi({ current: async () => session }, 'cli', session.log);
  const look = async (): Promise<{ answer?: DiagnosisAnswer; lines: string[]; code: number }> => {
    try {
      const answer = await api.diagnose();
      return { answer, lines: answerLines(answer, terminal), code: CODES[answer.state] };
    } catch (thrown) {
      if (!options.watch || toAppError(thrown).code === 'cancelled') throw thrown;
      return { lines: [`${terminal.paint(HEADS.unknown, 'doubt')}: ${errorLine(thrown)}`], code: 2 };
    }
  };
  for (let before = ''; ;) {
    const { answer, lines, code } = await look();
    if (answer) putJson(answer, options.json, terminal.say);
    if (options.json === STDOUT) return code;
    const now = session.clock.now();
    const key = keyOf(answer, lines);
    if (key !== before)
      terminal.say([options.watch ? `${times.timeOfDay(now)}  ${lines[0]}` : lines[0], ...lines.slice(1)].join('\n'));
    before = key;
    if (!options.watch) return code;
    terminal.status(`last looked at ${times.timeOfDay(now)}; Ctrl+C ends`);
    await sleep(session.clock, WATCH_MS, signal).catch(() => undefined);
    if (signal.aborted) {
      terminal.status('');
      return 0;
    }
  }
}

/** What has to change for a watch to tell it again: probabilities and values always do. */
const keyOf = (answer: DiagnosisAnswer | undefined, lines: readonly string[]): string =>
  answer === undefined
    ? lines.join('\n')
    : JSON.stringify([answer.state, answer.reason, named(answer).map(({ node, type }) => [node, type])]);

const named = ({ ranking }: DiagnosisAnswer): DiagnosisAnswer['ranking'] => ranking.filter((pair) => pair.named);

/** The answer as it is read: what it says, why, and of which nodes nothing is known. */
function answerLines(answer: DiagnosisAnswer, { paint }: Pick<Terminal, 'paint'>): string[] {
  const { state, reason, readyInMs, unknownNodes } = answer;
  const ready = readyInMs === undefined ? '' : ` Ready in about ${formatDuration(Math.ceil(readyInMs / 1000) * 1000)}.`;
  return [
    `${paint(HEADS[state], COLOURS[state])}${reason === undefined ? (ready === '' ? '' : ':') : `: ${reason}`}${ready}`,
    ...(state === 'anomalous' ? named(answer) : []).flatMap(({ node, type, probability, reasons }) => [
      `  ${formatPercent(probability).padStart(4)}  ${String(faultTitle(type))} on ${node}`,
      ...reasons.slice(0, MOST_REASONS).map((one) => `         ${reasonText(one as Reason)}`),
    ]),
    ...unknownNodes.map(({ node, reason: why }) => `  ${node}: ${why}`),
  ];
}
