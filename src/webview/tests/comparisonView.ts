import type { PanelComparison, PanelOutcome, PanelRun } from '../../shared/testMessages';
import { h, setText } from '../elements/dom';
import { dayAndTime } from '../format';
import { t } from '../texts';
import { stateMark } from './stateMark';

/** Two runs of resilience tests, expectation by expectation. */
export class ComparisonView {
  readonly element: HTMLElement;
  readonly #title = h('h2');
  readonly #note = h('p', { class: 'muted', 'aria-live': 'polite' });
  readonly #table = h('div', { class: 'table' });

  constructor(end: () => void) {
    this.element = h(
      'section',
      { class: 'comparison', hidden: true, 'aria-label': t('Comparison of two test runs') },
      h('header', {}, this.#title, h('button', { class: 'secondary', onclick: end }, t('End comparison'))),
      this.#note,
      this.#table,
    );
  }

  update(comparison: PanelComparison | undefined): void {
    this.element.hidden = comparison === undefined;
    if (!comparison) return this.#table.replaceChildren();
    const { title, before, now, rows } = comparison;
    setText(this.#title, t('{0}: two runs compared', title));
    setText(this.#note, noteOf(comparison));
    const runs = (run: PanelRun, name: string): HTMLElement =>
      h('th', { scope: 'col' }, name, h('div', { class: 'muted' }, dayAndTime(run.at)), stateMark(run.verdict));
    this.#table.replaceChildren(
      h(
        'table',
        {},
        h('caption', { class: 'visually-hidden' }, t('Comparison of two test runs')),
        h(
          'thead',
          {},
          h(
            'tr',
            {},
            h('th', { scope: 'col' }, t('Expectation')),
            runs(before, t('Before')),
            runs(now, t('Now')),
            h('th', { scope: 'col' }, t('Worst value')),
            h('th', { scope: 'col' }, t('Recovery time')),
            h('th', { scope: 'col' }, t('Change')),
          ),
        ),
        h(
          'tbody',
          {},
          ...rows.map(({ name, change, before: was, now: is }) =>
            h(
              'tr',
              {},
              h('th', { scope: 'row' }, name),
              h('td', {}, ...outcome(was)),
              h('td', {}, ...outcome(is)),
              h('td', {}, beforeAndNow(was?.worst, is?.worst, number)),
              h('td', {}, beforeAndNow(was?.recoveryMs, is?.recoveryMs, seconds)),
              h('td', {}, changeText(change)),
            ),
          ),
        ),
      ),
    );
  }
}

function noteOf({ ghosts, problem }: PanelComparison): string {
  if (problem !== undefined) return t('The metrics of the earlier run are not available: {0}', problem);
  return ghosts
    ? t('Faint dashed lines in the charts: the earlier run, shifted to the same start.')
    : t('Loading the metrics of the earlier run…');
}

const outcome = (one: PanelOutcome | undefined): (Node | string)[] =>
  one
    ? [stateMark(one.state), h('div', { class: 'muted', title: one.expected }, one.seen)]
    : [h('span', { class: 'muted' }, t('not in this run'))];

const NONE = '–';

function beforeAndNow(before: number | undefined, now: number | undefined, write: (value: number) => string): string {
  if (before === undefined && now === undefined) return '';
  const written = (value: number | undefined): string => (value === undefined ? NONE : write(value));
  return `${written(before)} → ${written(now)}`;
}

const number = (value: number): string => String(Number(value.toPrecision(3)));
const seconds = (ms: number): string => t('{0} s', Math.round(ms / 1000));

function changeText(change: PanelComparison['rows'][number]['change']): string {
  switch (change) {
    case 'better':
      return `▲ ${t('better')}`;
    case 'worse':
      return `▼ ${t('worse')}`;
    case 'same':
      return `= ${t('same')}`;
    case undefined:
      return '';
  }
}
