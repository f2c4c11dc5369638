import { beforeAll, describe, expect, it, vi } from 'vitest';
import type { PanelSnapshot } from '../../../src/shared/protocol';
import type { DiagnosisView as View } from '../../../src/webview/diagnosis/diagnosis';

/** As much of an element as the diagnosis asks for. */
class FakeElement {
  readonly dataset: Record<string, string> = {};
  readonly #classes = new Set<string>();
  #children: (FakeElement | string)[] = [];
  hidden = false;
  readonly classList = {
    toggle: (name: string, on: boolean) => (on ? this.#classes.add(name) : this.#classes.delete(name)),
    remove: (name: string) => this.#classes.delete(name),
    contains: (name: string) => this.#classes.has(name),
  };
  readonly style = { setProperty: (): void => {} };
  constructor(readonly tag: string) {}
  set className(names: string) {
    this.#classes.clear();
    names.split(' ').forEach((name) => this.#classes.add(name));
  }
  get textContent(): string {
    return this.#children.map((one) => (typeof one === 'string' ? one : one.hidden ? '' : one.textContent)).join(' ');
  }
  set textContent(text: string) {
    this.#children = [text];
  }
  append(...children: (FakeElement | string)[]): void {
    this.#children.push(...children);
  }
  replaceChildren(...children: (FakeElement | string)[]): void {
    this.#children = children;
  }
  setAttribute(name: string, value: string): void {
    if (name === 'class') this.className = value;
    if (name === 'hidden') this.hidden = true;
  }
  addEventListener(): void {}
}

let DiagnosisView: typeof View;
beforeAll(async () => {
  vi.stubGlobal('document', {
    createElement: (tag: string) => new FakeElement(tag),
    getElementById: () => null,
    documentElement: { lang: 'en' },
    activeElement: null,
  });
  ({ DiagnosisView } = await import('../../../src/webview/diagnosis/diagnosis'));
});

const at = new Date(2026, 4, 3, 14, 7).getTime();
const span = {
  key: 'one',
  label: 'cpu_stress',
  title: 'CPU stress',
  ours: true,
  nodes: ['ob-1'],
  fromMs: at - 60_000,
  toMs: undefined,
  phase: 'Running',
  stoppable: true,
};
const snapshot = {
  toMs: at,
  live: true,
  fixed: false,
  timestamps: Float64Array.of(at - 30_000, at),
  nodes: ['ob-1'],
  ranks: { nodes: [{ node: 'ob-1', values: Float64Array.of(0.1, 0.97) }], cluster: Float64Array.of(0.1, 0.97) },
  spans: [span],
  known: { state: 'anomalous', reason: 'ob-2 is silent.', since: at, readyInMs: undefined },
  diagnosis: {
    from: at - 30_000,
    at,
    pairs: [
      {
        node: 'ob-1',
        type: 'cpu_stress',
        title: 'CPU stress',
        probability: 0.974,
        named: true,
        reasons: [{ metric: 'cpu.used', text: 'in words', value: 2, baseline: 0.975, direction: 'up', weight: 1 }],
      },
    ],
    answeredBy: 'the model',
    answeredByReason: undefined,
    graph: { nodes: [], edges: [] },
  },
} as unknown as PanelSnapshot;

describe('the diagnosis', () => {
  const make = (): { view: View; line: () => string; words: () => string } => {
    const part = (): HTMLElement => new FakeElement('div') as unknown as HTMLElement;
    const view = new DiagnosisView(
      { focusMetric: () => {}, revealExperiment: () => {}, coloursOf: () => new Map() },
      { slider: part(), status: part() },
    );
    const text = (element: HTMLElement): string => (element.textContent ?? '').replace(/\s+/g, ' ').trim();
    return { view, line: () => text(view.line.element), words: () => text(view.element) };
  };

  it('has state, type, node, probability and since when in one line, and its evidence as figures', () => {
    const { view, line, words } = make();
    view.update(snapshot);
    expect(line()).toBe('1 anomaly found CPU stress ob-1 97% since 14:07:00');
    expect(words()).toContain('Metric Now Baseline Factor CPU used 2 cores 0.975 cores ×2.1');
    expect(words()).toContain('Injected now CPU stress ob-1 · Running');
  });

  it('says that nothing is running before what has ended', () => {
    const { view, words } = make();
    view.update({ ...snapshot, spans: [{ ...span, toMs: at - 10_000, stoppable: false }] } as PanelSnapshot);
    expect(words()).toContain('Injected now No experiment is running on these nodes. CPU stress ob-1 · ended');
    view.update({ ...snapshot, spans: [{ ...span, toMs: at - 10_000, stoppable: true }] } as PanelSnapshot);
    expect(words()).toContain('Injected now CPU stress ob-1 · Running');
  });

  it('keeps nothing of what was said before where a moment of the past cannot be diagnosed', () => {
    const { view, line, words } = make();
    view.update({ ...snapshot, known: { ...snapshot.known, state: 'unknown' } });
    expect(view.element.classList.contains('old')).toBe(true);
    view.setPast({ type: 'past', atMs: at - 600_000, state: 'failed', message: 'No answer.', hint: 'Retry.' });
    view.update(snapshot);
    expect(line()).toBe('13:57:00 No diagnosis of this moment');
    expect(words()).toBe('No answer. Retry. No answer.'); // in sight, and for screen readers
    expect(view.element.classList.contains('old')).toBe(false);
    view.setPast(undefined);
    view.update(snapshot);
    expect(line()).toContain('97%');
    expect(words()).toContain('ob-2 is silent.');
    expect(words()).toContain('Diagnosed by the model.');
  });
});
