import type { PanelHealth, PanelPair, PanelSnapshot } from '../shared/protocol';
import { timeOfDay } from './format';
import { h, setText } from './dom';
import { t } from './texts';

/** What a click in the diagnosis asks for. */
export interface DiagnosisActions {
  focusMetric: (metric: string) => void;
  revealExperiment: (key: string) => void;
}

/** The diagnosis beside the charts, with the experiments that really run below it. */
export class DiagnosisView {
  readonly element: HTMLElement;
  readonly #verdict = h('h2', { id: 'verdict' });
  readonly #old = h('p', { class: 'muted' });
  readonly #list = h('ol', { class: 'pairs', 'aria-labelledby': 'verdict' });
  readonly #truth = h('ul', { class: 'truth' });
  readonly #engine = h('p', { class: 'muted engine' });
  readonly #live = h('p', { class: 'visually-hidden', 'aria-live': 'polite' });
  readonly #actions: DiagnosisActions;
  #shown = '';

  constructor(actions: DiagnosisActions) {
    this.#actions = actions;
    this.element = h(
      'aside',
      { class: 'diagnosis', 'aria-label': t('Diagnosis') },
      this.#verdict,
      this.#old,
      this.#list,
      h('h3', {}, t('Injected')),
      this.#truth,
      this.#engine,
      this.#live,
    );
  }

  update(snapshot: PanelSnapshot): void {
    const { diagnosis, spans, toMs } = snapshot;
    const named = diagnosis?.pairs.filter((pair) => pair.named) ?? [];
    const verdict = !diagnosis
      ? t('No diagnosis yet')
      : diagnosis.insufficient
        ? t('Not enough data')
        : diagnosis.healthy
          ? t('Nothing is wrong')
          : named.length === 1
            ? t('1 anomaly found')
            : t('{0} anomalies found', named.length);
    setText(this.#verdict, verdict);
    this.#verdict.className = !diagnosis || diagnosis.insufficient ? 'unknown' : diagnosis.healthy ? 'healthy' : 'sick';
    const old = snapshot.fixed && diagnosis ? timeOfDay(diagnosis.at) : toldBefore(snapshot.health);
    if (old !== undefined && diagnosis?.healthy) this.#verdict.className = 'unknown';
    setText(this.#old, old !== undefined && diagnosis ? t('As of {0}, not now.', old) : '');
    const spoken =
      diagnosis?.insufficient ?? [verdict, ...named.map((pair) => t('{0} on {1}', pair.title, pair.node))].join('. ');
    setText(this.#live, spoken);
    // The list is built anew only when it changed, so that focus and pointer stay where they are.
    const acting = spans.filter((span) => span.toMs === undefined);
    const healthy = healthyText(
      acting.length === 0 ? undefined : toMs - Math.min(...acting.map((span) => span.fromMs)),
    );
    const key = JSON.stringify([diagnosis?.pairs, diagnosis?.insufficient, diagnosis?.healthy, healthy]);
    if (key !== this.#shown) {
      this.#shown = key;
      const pairs = diagnosis?.pairs ?? [];
      this.#list.replaceChildren(...pairs.map((pair) => this.#pair(pair)));
      if (diagnosis?.insufficient)
        this.#list.replaceChildren(h('li', { class: 'muted plain' }, diagnosis.insufficient));
      else if (diagnosis?.healthy && pairs.length === 0)
        this.#list.replaceChildren(h('li', { class: 'muted plain' }, healthy));
    }
    const recent = spans
      .filter((span) => span.toMs !== undefined)
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
          h(
            'span',
            { class: 'muted' },
            ` ${span.nodes.join(', ')} · ${span.toMs === undefined ? span.phase : t('over')}${span.ours ? '' : ` · ${t('by others')}`}`,
          ),
        ),
      ),
    );
    if (acting.length + recent.length === 0)
      this.#truth.replaceChildren(h('li', { class: 'muted' }, t('No experiment acts on these nodes.')));
    setText(
      this.#engine,
      diagnosis
        ? diagnosis.answeredByReason
          ? t('Answered by {0} ({1})', diagnosis.answeredBy, diagnosis.answeredByReason)
          : t('Answered by {0}', diagnosis.answeredBy)
        : '',
    );
  }

  #pair(pair: PanelPair): HTMLElement {
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
                { class: 'link', title: t('Show the chart'), onclick: () => this.#actions.focusMetric(reason.metric) },
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

/** The time of a picture that is no longer refreshed; undefined while it is. */
function toldBefore(health: PanelHealth): string | undefined {
  if (health.state === 'stale') return timeOfDay(health.since);
  if (health.state === 'paused' && health.updatedAt !== undefined) return timeOfDay(health.updatedAt);
  return undefined;
}

/** How long a fault has to act until the diagnosis can see it in the newest window. */
const SEEN_AFTER_MS = 120_000;

/** What stands below "Nothing is wrong"; `actingMs`: how long the oldest experiment has acted. */
function healthyText(actingMs: number | undefined): string {
  if (actingMs === undefined) return t('Every node behaves as in its own normal stretch.');
  return actingMs < SEEN_AFTER_MS
    ? t('An experiment has just begun: the diagnosis needs about a minute of its data.')
    : t('An experiment acts, but every node behaves as in its own normal stretch.');
}
