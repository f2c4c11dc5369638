import fc from 'fast-check';
import { AppError } from '../../src/core/base/errors';

/** A reader of outside input, and what to feed it. `run` throws AppError where the input is refused; anything else is a crash. */
export interface FuzzTarget {
  name: string;
  arbitrary: fc.Arbitrary<unknown>;
  run(input: unknown): void | Promise<void>;
}

/** A target with the type of its inputs. */
export const target = <T>(name: string, arbitrary: fc.Arbitrary<T>, run: (input: T) => unknown): FuzzTarget => ({
  name,
  arbitrary,
  run: async (input) => void (await run(input as T)),
});

/** An input that a reader did not bear. */
interface Crash {
  target: string;
  input: string;
  error: string;
}

export interface FuzzReport {
  inputs: number;
  crashes: Crash[];
  seconds: number;
  /** Inputs, those refused with a clear error, and the slowest in milliseconds, by reader. */
  readers: Record<string, { inputs: number; refused: number; seconds: number; slowestMs: number }>;
}

/** An input that takes longer has hung. */
const HANG_MS = 1000;
const BATCH = 500;
/** More of one reader tell nothing new. */
const MOST_CRASHES = 3;

const own = (object: object): string => JSON.stringify(Object.getOwnPropertyNames(object));
const before = [Object.prototype, Array.prototype, Function.prototype, String.prototype].map(
  (one) => [one, own(one)] as const,
);

/** What a reader left behind where every object sees it; undefined where nothing. */
function pollution(): string | undefined {
  const changed = before.find(([object, names]) => own(object) !== names);
  return changed ? `the prototype of all objects has changed: ${own(changed[0])}` : undefined;
}

/** Feeds `total` inputs, shared by all readers alike. The same seed gives the same inputs. */
export async function fuzz(targets: readonly FuzzTarget[], total: number, seed = 20_260_101): Promise<FuzzReport> {
  const report: FuzzReport = { inputs: 0, crashes: [], seconds: 0, readers: {} };
  const started = performance.now();
  const each = Math.ceil(total / targets.length);
  for (const one of targets) {
    const row = { inputs: 0, refused: 0, seconds: 0, slowestMs: 0 };
    report.readers[one.name] = row;
    let crashes = 0;
    const begun = performance.now();
    for (let done = 0; done < each && crashes < MOST_CRASHES; done += BATCH) {
      const inputs = fc.sample(one.arbitrary, { numRuns: Math.min(BATCH, each - done), seed: seed + done });
      for (const input of inputs) {
        if (crashes >= MOST_CRASHES) break;
        const written = write(input);
        const { ms: first, thrown } = await read(one, input);
        let ms = first;
        // What a busy machine held up is quick the next time; what hangs is not.
        for (let again = 0; again < 2 && ms > HANG_MS; again++) ms = Math.min(ms, (await read(one, input)).ms);
        row.inputs += 1;
        let problem: string | undefined;
        if (thrown instanceof AppError) row.refused += 1;
        else if (thrown instanceof Error) problem = thrown.stack ?? thrown.message;
        else if (thrown !== undefined) problem = `threw ${JSON.stringify(thrown)}`;
        row.slowestMs = Math.max(row.slowestMs, ms);
        problem ??= ms > HANG_MS ? `took ${Math.round(ms)} ms` : pollution();
        if (problem === undefined) continue;
        crashes += 1;
        report.crashes.push({ target: one.name, input: written, error: problem.split('\n').slice(0, 5).join('\n') });
      }
    }
    row.seconds = Number(((performance.now() - begun) / 1000).toFixed(2));
    row.slowestMs = Number(row.slowestMs.toFixed(1));
    report.inputs += row.inputs;
  }
  report.seconds = Number(((performance.now() - started) / 1000).toFixed(1));
  return report;
}

/** How long a reader took, milliseconds, and what it threw; undefined where nothing. */
async function read(one: FuzzTarget, input: unknown): Promise<{ ms: number; thrown: unknown }> {
  const at = performance.now();
  let thrown: unknown;
  try {
    await one.run(input);
  } catch (error) {
    thrown = error;
  }
  return { ms: performance.now() - at, thrown };
}

/** An input as a person can look at it: written down before the reader has it. */
function write(input: unknown): string {
  try {
    return fc.stringify(input).slice(0, 600);
  } catch {
    return 'an input that cannot be written';
  }
}
