import type { PanelPair, PanelSnapshot, PanelSpan } from '../shared/protocol';
import type { PastMessage } from '../shared/truthMessages';
import { timeOfDay } from './format';
import { GraphView } from './graphView';
import { h, setText } from './dom';
import { t } from './texts';
import { headline } from './verdict';
import { windowWords } from './windowWords';

/** What a click in the diagnosis asks for. */
export interface DiagnosisActions {
  /** Show a metric's chart with the crosshair at a time. */
  focusMetric: (metric: string, atMs: number) => void;
  revealExperiment: (key: string) => void;
}

/** The diagnosis beside the charts, with the experiments that really run below it. */
export class DiagnosisView {
  readonly element: HTMLElement;
  readonly #verdict = h('h2', { id: 'verdict' });
  readonly #old = h('p', { class: 'muted' });
  readonly #window = h('p', { class: 'muted window' });
  readonly #list = h('ol', { class: 'pairs', 'aria-labelledby': 'verdict' });
  readonly #truth = h('ul', { class: 'truth' });
  readonly #engine = h('p', { class: 'muted engine' });
  readonly #live = h('p', { class: 'visually-hidden', 'aria-live': 'polite' });
  readonly #graph = new GraphView();
  readonly #actions: DiagnosisActions;
  #past: PastMessage | undefined;
  #shown = '';

  constructor(actions: DiagnosisActions, slider: HTMLElement) {
    this.#actions = actions;
    this.element = h(
      'aside',
      { class: 'diagnosis', 'aria-label': t('Diagnosis') },
      this.#verdict,
      this.#old,
      this.#window,
      slider,
      this.#list,
      this.#graph.element,
      h('h3', {}, t('Injected')),
      this.#truth,
      this.#engine,
      this.#live,
    );
  }

  /** A moment of the past that is looked at instead of the newest; undefined = the newest again. */
  setPast(past: PastMessage | undefined): void {
    this.#past = past;
  }

  update(snapshot: PanelSnapshot): void {
    const past = this.#past;
    this.element.classList.toggle('past', past !== undefined);
    this.element.setAttribute('aria-busy', String(past?.state === 'loading'));
    // Until the answer is there the last one stays, marked as busy: nothing jumps while the slider moves.
    if (past?.state === 'loading') return;
    if (past?.state === 'failed') return this.#failed(past.message, past.hint);
    const { spans } = snapshot;
    const diagnosis = past ? past.diagnosis : snapshot.diagnosis;
    const toMs = past?.atMs ?? snapshot.toMs;
    const over = past !== undefined || snapshot.fixed;
    const named = diagnosis?.pairs.filter((pair) => pair.named) ?? [];
    const known = past?.known ?? snapshot.known;
    const { text: verdict, look } = headline(known, named.length, over);
    setText(this.#verdict, verdict);
    this.#verdict.className = look;
    this.element.classList.toggle('old', known.state === 'unknown');
    const old = !past && snapshot.fixed && diagnosis ? t('As of {0}', timeOfDay(diagnosis.at)) : undefined;
    setText(this.#old, [known.reason, old].filter(Boolean).join(' '));
    const unknown = past?.unknown ?? [];
    const words = [
      diagnosis ? windowWords(diagnosis, spans, over || !snapshot.live) : undefined,
      unknown.length > 0
        ? t('No samples then: {0}. Which pods ran in their place is not known here.', unknown.join(', '))
        : undefined,
    ];
    setText(this.#window, words.filter(Boolean).join(' '));
    const found = known.state === 'anomalous' ? named.map((pair) => t('{0} on {1}', pair.title, pair.node)) : [];
    setText(this.#live, [verdict, known.reason, ...found].filter(Boolean).join('. '));
    // The list is built anew only when it changed, so that focus and pointer stay where they are.
    const acting = spans.filter((span) =>
      over ? span.fromMs <= toMs && toMs <= (span.toMs ?? Infinity) : span.toMs === undefined,
    );
    const healthy = known.state === 'normal' ? healthyText(acting.length > 0) : undefined;
    const key = JSON.stringify([past?.atMs, diagnosis?.pairs, healthy]);
    if (key !== this.#shown) {
      this.#shown = key;
      const pairs = diagnosis?.pairs ?? [];
      this.#list.replaceChildren(...pairs.map((pair) => this.#pair(pair, diagnosis?.at ?? toMs)));
      if (healthy !== undefined && pairs.length === 0)
        this.#list.replaceChildren(h('li', { class: 'muted plain' }, healthy));
    }
    const recent = spans
      .filter((span) => !over && span.toMs !== undefined)
      .slice(-3)
      .reverse();
    this.#truth.replaceChildren(
      ...[...acting, ...recent].map((span) =>
        h(
          'li',
          {},
          h(
            'button',
            {
              class: 'link',
              onclick: () => this.#actions.revealExperiment(span.key),
              disabled: span.toMs !== undefined,
            },
            span.title,
          ),
          h('span', { class: 'muted' }, ` ${truthWords(span, over)}`),
        ),
      ),
    );
    if (acting.length + recent.length === 0)
      this.#truth.replaceChildren(h('li', { class: 'muted' }, t('No experiment is running on these nodes.')));
    this.#graph.update(diagnosis?.graph);
    setText(
      this.#engine,
      diagnosis
        ? [t('Diagnosed by {0}.', diagnosis.answeredBy), diagnosis.answeredByReason].filter(Boolean).join(' ')
        : '',
    );
  }

  #failed(message: string, hint: string | undefined): void {
    this.#shown = '';
    this.#verdict.className = 'unknown';
    setText(this.#verdict, t('No diagnosis of this moment'));
    setText(this.#live, message);
    setText(this.#window, '');
    this.#list.replaceChildren(h('li', { class: 'muted plain' }, hint ? `${message} ${hint}` : message));
    this.#graph.update(undefined);
  }

  #pair(pair: PanelPair, at: number): HTMLElement {
    const percent = `${Math.round(pair.probability * 100)} %`;
    const bar = h('meter', { min: 0, max: 1, value: pair.probability, 'aria-label': t('Probability {0}', percent) });
    const reasons = pair.named
      ? h(
          'ul',
          { class: 'reasons' },
          ...pair.reasons.map((reason) =>
            h(
              'li',
              {},
              h(
                'button',
                {
                  class: 'link',
                  title: t('Show the chart'),
                  onclick: () => this.#actions.focusMetric(reason.metric, at),
                },
                `${reason.direction === 'up' ? '↑' : '↓'} ${reason.text}`,
              ),
            ),
          ),
        )
      : undefined;
    return h(
      'li',
      { class: pair.named ? 'named' : 'other' },
      h('div', { class: 'pair' }, h('span', { class: 'type' }, pair.title), h('span', { class: 'percent' }, percent)),
      h('div', { class: 'node' }, pair.node),
      bar,
      reasons,
    );
  }
}

/** Where an experiment acts and how it is; at a moment of the past only where it did. */
function truthWords({ nodes, toMs, phase, ours }: PanelSpan, past: boolean): string {
  const state = past ? undefined : toMs === undefined ? phase : t('ended');
  return [nodes.join(', '), state, ours ? undefined : t('by others')].filter(Boolean).join(' · ');
}

/** What stands below "No anomaly detected". */
const healthyText = (acting: boolean): string =>
  acting
    ? t('An experiment acts, but every node behaves as in its own normal stretch.')
    : t('Every node behaves as in its own normal stretch.');
