import type { PanelDiagnosis, PanelPair, PanelSnapshot } from '../../shared/protocol';
import type { PastMessage } from '../../shared/truthMessages';
import { h, setText } from '../elements/dom';
import { nodeMark } from '../elements/swatch';
import { evidenceTable } from './evidence';
import { timeOfDay } from '../format';
import { GraphView } from '../nodes/graphView';
import { injectedAt, InjectedList } from './injectedList';
import { formatPercent } from '../../core/base/percent';
import { inARow } from '../../core/base/text';
import { anomalousSince } from './since';
import { t } from '../texts';
import { headline } from './verdict';
import { VerdictLine } from './verdictLine';
import { windowWords } from './windowWords';

/** The actions that a click in the diagnosis starts. */
export interface DiagnosisActions {
  /** Show a metric's chart with the crosshair at a time. */
  focusMetric: (metric: string, atMs: number) => void;
  revealExperiment: (key: string) => void;
  /** The colour of each node, the same as in the charts. */
  coloursOf: (snapshot: PanelSnapshot) => ReadonlyMap<string, string>;
}

/** Elements around the diagnosis. */
interface DiagnosisParts {
  slider: HTMLElement;
  /** How up to date the page is. */
  status: HTMLElement;
}

/** The diagnosis next to the charts, and its verdict in the line above them. */
export class DiagnosisView {
  readonly element: HTMLElement;
  readonly line: VerdictLine;
  readonly #old = h('p', { class: 'muted' });
  readonly #window = h('p', { class: 'muted window' });
  readonly #list = h('ol', { class: 'pairs', 'aria-labelledby': 'verdict' });
  readonly #engine = h('p', { class: 'muted engine' });
  readonly #live = h('p', { class: 'visually-hidden', 'aria-live': 'polite' });
  readonly #graph = new GraphView();
  readonly #injected: InjectedList;
  readonly #actions: DiagnosisActions;
  #past: PastMessage | undefined;
  #shown = '';

  constructor(actions: DiagnosisActions, { slider, status }: DiagnosisParts) {
    this.#actions = actions;
    this.line = new VerdictLine(status);
    this.#injected = new InjectedList(actions.revealExperiment);
    this.element = h(
      'aside',
      // It scrolls on its own, so the keyboard must reach it.
      { class: 'diagnosis', 'aria-label': t('Diagnosis'), tabindex: 0 },
      this.#old,
      this.#injected.element,
      this.#list,
      this.#window,
      slider,
      this.#graph.element,
      this.#engine,
      this.#live,
    );
  }

  /** Shows a past moment instead of the newest; undefined = the newest again. */
  setPast(past: PastMessage | undefined): void {
    this.#past = past;
  }

  update(snapshot: PanelSnapshot): void {
    const past = this.#past;
    this.element.classList.toggle('past', past !== undefined);
    this.element.setAttribute('aria-busy', String(past?.state === 'loading'));
    // The last answer stays, marked as busy, until the new one arrives: nothing jumps while the slider moves.
    if (past?.state === 'loading') return;
    if (past?.state === 'failed') return this.#failed(past);
    const { spans } = snapshot;
    const colours = this.#actions.coloursOf(snapshot);
    const diagnosis = past ? past.diagnosis : snapshot.diagnosis;
    const over = past !== undefined || snapshot.fixed;
    const found = diagnosis?.pairs.filter((pair) => pair.named) ?? [];
    const known = past?.known ?? snapshot.known;
    const verdict = headline(known, found.length, over);
    const [top] = known.state === 'anomalous' ? found : [];
    this.line.show(verdict, {
      top: top && {
        ...top,
        since: diagnosis && this.#since(snapshot, diagnosis, top.node),
        colour: colours.get(top.node),
      },
      more: found.length - 1,
      atMs: past?.atMs,
    });
    this.element.classList.toggle('old', known.state === 'unknown');
    const old = !past && snapshot.fixed && diagnosis ? t('As of {0}', timeOfDay(diagnosis.at)) : undefined;
    setText(this.#old, inARow(known.reason, old));
    const unknown = past?.unknown ?? [];
    const words = inARow(
      diagnosis ? windowWords(diagnosis, spans, over || !snapshot.live) : undefined,
      unknown.length > 0
        ? t('No samples at that time: {0}. Which pods ran in their place is unknown.', unknown.join(', '))
        : undefined,
    );
    setText(this.#window, words);
    const told = known.state === 'anomalous' ? found.map((pair) => t('{0} on {1}', pair.title, pair.node)) : [];
    setText(this.#live, inARow(verdict.text, known.reason, ...told));
    const injected = injectedAt(spans, past?.atMs ?? snapshot.toMs, over);
    this.#injected.update(injected, over, colours);
    const acting = injected.some(({ toMs }) => over || toMs === undefined);
    this.#pairs(diagnosis, past?.atMs, known.state === 'normal' ? healthyText(acting) : undefined, colours);
    this.#graph.update(diagnosis?.graph, colours);
    setText(
      this.#engine,
      diagnosis ? inARow(t('Diagnosed by {0}.', diagnosis.answeredBy), diagnosis.answeredByReason) : '',
    );
  }

  #since({ timestamps, ranks }: PanelSnapshot, { at }: PanelDiagnosis, node: string) {
    const scores = ranks?.nodes.find((one) => one.node === node)?.values;
    return scores && anomalousSince(timestamps, scores, at);
  }

  /** Removes everything about another moment. */
  #failed({ atMs, message, hint }: Extract<PastMessage, { state: 'failed' }>): void {
    this.#shown = '';
    this.element.classList.remove('old');
    this.line.show({ text: t('No diagnosis of this moment'), look: 'unknown' }, { atMs });
    setText(this.#live, message);
    for (const words of [this.#old, this.#window, this.#engine]) setText(words, '');
    this.#injected.clear();
    this.#list.replaceChildren(h('li', { class: 'muted plain' }, hint ? `${message} ${hint}` : message));
    this.#graph.update(undefined);
  }

  /** Rebuilds the list only when it has changed, so that focus and pointer stay where they are. */
  #pairs(
    diagnosis: PanelDiagnosis | undefined,
    atMs: number | undefined,
    healthy: string | undefined,
    colours: ReadonlyMap<string, string>,
  ): void {
    const key = JSON.stringify([
      atMs,
      diagnosis?.pairs,
      healthy,
      diagnosis?.pairs.map(({ node }) => colours.get(node)),
    ]);
    if (key === this.#shown) return;
    this.#shown = key;
    const pairs = diagnosis?.pairs ?? [];
    const focused = (document.activeElement as HTMLElement | null)?.closest<HTMLElement>('[data-pair]')?.dataset[
      'pair'
    ];
    this.#list.replaceChildren(...pairs.map((pair) => this.#pair(pair, diagnosis?.at ?? 0, colours.get(pair.node))));
    if (healthy !== undefined && pairs.length === 0)
      this.#list.replaceChildren(h('li', { class: 'muted plain' }, healthy));
    if (focused !== undefined)
      this.#list.querySelector<HTMLElement>(`[data-pair="${CSS.escape(focused)}"] button`)?.focus();
  }

  #pair(pair: PanelPair, at: number, colour: string | undefined): HTMLElement {
    const share = formatPercent(pair.probability);
    const bar = h('meter', { min: 0, max: 1, value: pair.probability, 'aria-label': t('Probability {0}', share) });
    return h(
      'li',
      { class: pair.named ? 'named' : 'other', 'data-pair': `${pair.node}/${pair.type}` },
      h('div', { class: 'pair' }, h('span', { class: 'type' }, pair.title), h('span', { class: 'percent' }, share)),
      h('div', { class: 'node' }, nodeMark(colour), pair.node),
      bar,
      pair.named && pair.reasons.length > 0
        ? evidenceTable(pair, pair.reasons, (metric) => this.#actions.focusMetric(metric, at))
        : undefined,
    );
  }
}

/** The text below "No anomaly detected". */
const healthyText = (acting: boolean): string =>
  acting
    ? t('An experiment is running, but all nodes match their own baseline.')
    : t('All nodes match their own baseline.');
