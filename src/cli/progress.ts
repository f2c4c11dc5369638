import type { Clock } from '../core/base/clock';
import type { Disposable } from '../core/base/disposable';
import { formatDuration } from '../core/time/duration';
import { STATE_SIGNS, type Outcome } from '../core/resilience/outcome';
import type { TestLook } from '../core/resilience/testResult';
import type { Terminal } from './terminal';

/** How often the time left is counted down. */
const TICK_MS = 1000;

/** What is pending here is awaited. */
const MARKS: Readonly<Record<Outcome['state'], string>> = { ...STATE_SIGNS, pending: '…' };

/** What states are called where there is room for their numbers only: while a test runs, nothing has failed for good. */
const COUNTED: readonly (readonly [Outcome['state'], string])[] = [
  ['passed', 'passed'],
  ['failed', 'broken'],
  ['inconclusive', 'unclear'],
  ['pending', 'open'],
];

/** Shows how a test gets on: in one line that is rewritten, or where nobody watches in a line for each thing that happens. */
export class TestProgress implements Disposable {
  readonly #terminal: Terminal;
  readonly #clock: Clock;
  readonly #name: string;
  /** How long the faults take, milliseconds. */
  readonly #totalMs: number;
  readonly #startedAt: number;
  readonly #broken = new Set<string>();
  #doing = '';
  /** `begun`: they act, or did. */
  #faults: 'none' | 'acting' | 'begun' = 'none';
  #look: TestLook | undefined;
  #timer: Disposable | undefined;

  constructor(terminal: Terminal, clock: Clock, { name, totalMs }: { name: string; totalMs: number }) {
    this.#terminal = terminal;
    this.#clock = clock;
    this.#name = name;
    this.#totalMs = totalMs;
    this.#startedAt = clock.now();
    if (terminal.live) this.#tick();
  }

  /** What the test does now. */
  doing(message: string): void {
    if (this.#faults === 'acting') this.#faults = 'begun';
    this.#doing = message;
    if (this.#terminal.live) this.#draw();
    else this.#event(message);
  }

  /** What is known by now. An expectation that breaks is told at once. */
  seen(look: TestLook): void {
    const { faultFromMs, faultToMs } = look.phases;
    if (this.#faults === 'none' && faultFromMs !== undefined && faultToMs === undefined) {
      this.#faults = 'acting';
      this.#doing = 'The faults act …';
      const long = this.#totalMs > 0 ? ` for ${formatDuration(this.#totalMs)}` : '';
      if (!this.#terminal.live) this.#event(`The faults act${long} …`);
    }
    this.#look = look;
    for (const { name, brokenAt, seen } of look.outcomes) {
      if (brokenAt === undefined || this.#broken.has(name)) continue;
      this.#broken.add(name);
      this.#event(`broken: ${name}: ${String(seen)}`);
    }
    this.#draw();
  }

  dispose(): void {
    this.#timer?.dispose();
    this.#terminal.status('');
  }

  #tick(): void {
    this.#draw();
    this.#timer = this.#clock.after(TICK_MS, () => this.#tick());
  }

  /** A line that stays, with the time since the test's start: logs of CI have the time of day, files have none. */
  #event(what: string): void {
    const sinceMs = Math.max(0, this.#clock.now() - this.#startedAt);
    this.#terminal.say(`  [${formatDuration(Math.round(sinceMs / 1000) * 1000)}] ${what}`);
  }

  #draw(): void {
    const { outcomes = [], phases } = this.#look ?? {};
    const leftMs =
      this.#faults !== 'acting' || phases?.faultFromMs === undefined
        ? undefined
        : Math.max(0, phases.faultFromMs + this.#totalMs - this.#clock.now());
    const left = leftMs === undefined ? '' : `${formatDuration(Math.round(leftMs / 1000) * 1000)} left`;
    const states = outcomes.map(({ name, state }) => `${MARKS[state]} ${name}`).join('  ');
    const counts = COUNTED.flatMap(([state, word]) => {
      const many = outcomes.filter((one) => one.state === state).length;
      return many === 0 ? [] : [`${many} ${word}`];
    }).join(', ');
    const now = [this.#doing, left];
    const lines = [[this.#name, ...now, states], [this.#name, ...now, counts], [...now, counts], now];
    const [full = '', ...shorter] = lines.map((parts) => parts.filter((part) => part !== '').join('  '));
    this.#terminal.status(full, ...shorter);
  }
}
