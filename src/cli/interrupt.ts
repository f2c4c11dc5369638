import type { ScenarioRun } from '../core/scenario/run';

/** The exit code of what was ended before its time. */
const ABORTED = 3;

/** SIGHUP: the terminal was closed, or the connection to it was lost. */
const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;

/** What the program does when it is interrupted. */
export interface InterruptWords {
  /** Said at the first signal; undefined where there is nothing to end, and the program leaves at once. */
  first: string | undefined;
  /** Said at the second one, line by line: what goes on without the program. */
  second: () => readonly string[];
}

/** Aborts at the first Ctrl+C (or SIGTERM, SIGHUP), so that the program can end what it has begun, and leaves at the second. */
export function onInterrupt(words: () => InterruptWords, warn: (line: string) => void): AbortSignal {
  const cancel = new AbortController();
  for (const name of SIGNALS)
    process.on(name, () => {
      const { first, second } = words();
      if (!cancel.signal.aborted && first !== undefined) {
        warn(first);
        cancel.abort();
        return;
      }
      // Both the kernel and the shell tell of a closed terminal: nobody asks to leave at once.
      if (name === 'SIGHUP' && first !== undefined) return;
      for (const line of cancel.signal.aborted ? second() : []) warn(line);
      process.exit(ABORTED);
    });
  return cancel.signal;
}

/** What of runs may still act, and how to stop it with `stop`. */
export function leftLines(runs: readonly ScenarioRun[], stop: string): string[] {
  const left = runs
    .filter((run) => run.isActive)
    .flatMap(({ steps, plan, mark }) =>
      plan.steps.flatMap(({ index, name, offsetMs, durationMs }) => {
        const { state, ref } = steps[index] ?? {};
        if (state !== 'injecting' && state !== 'running') return [];
        const what = ref ? `${ref.kind} ${ref.namespace}/${ref.name}` : `the experiment of step "${name}"`;
        const end = new Date(mark.startedAt + offsetMs + durationMs).toISOString().slice(11, 19);
        return [`  ${what}, which ends by itself at about ${end} UTC`];
      }),
    );
  if (left.length === 0) return ['Left. Nothing that this program started is known to run.'];
  return ['Left. These may still run:', ...left, `To stop them: ${stop}`];
}
