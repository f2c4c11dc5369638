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

/** Shows how a test gets on: in one line that is rewritten, or where nobody watches in a line for each thing that happens. */
export class TestProgress implements Disposable {
  readonly #terminal: Terminal;
  readonly #clock: Clock;
  readonly #name: string;
  /** How long the faults take, milliseconds. */
  readonly #totalMs: number;
  readonly #broken = new Set<string>();
  #doing = '';
  #look: TestLook | undefined;
  #timer: Disposable | undefined;

  constructor(terminal: Terminal, clock: Clock, { name, totalMs }: { name: string; totalMs: number }) {
    this.#terminal = terminal;
    this.#clock = clock;
    this.#name = name;
    this.#totalMs = totalMs;
    if (terminal.live) this.#tick();
  }

  /** What the test does now. */
  doing(message: string): void {
    this.#doing = message;
    if (this.#terminal.live) this.#draw();
    else this.#terminal.say(`  ${message}`);
  }

  /** What is known by now. An expectation that breaks is told at once. */
  seen(look: TestLook): void {
    this.#look = look;
    for (const { name, brokenAt, seen } of look.outcomes) {
      if (brokenAt === undefined || this.#broken.has(name)) continue;
      this.#broken.add(name);
      this.#terminal.say(`  broken: ${name}: ${String(seen)}`);
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

  #draw(): void {
    const { outcomes = [], phases } = this.#look ?? {};
    const { faultFromMs, faultToMs } = phases ?? {};
    const leftMs =
      faultFromMs === undefined || faultToMs !== undefined
        ? undefined
        : Math.max(0, faultFromMs + this.#totalMs - this.#clock.now());
    const left = leftMs === undefined ? [] : [`${formatDuration(Math.round(leftMs / 1000) * 1000)} left`];
    const states = outcomes.map(({ name, state }) => `${MARKS[state]} ${name}`);
    this.#terminal.status([this.#name, this.#doing, ...left, ...states].filter((part) => part !== '').join('  '));
  }
}
