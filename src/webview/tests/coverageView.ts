import type { PanelCoverage, PanelCoverageCell, PanelCoveredStrength } from '../../shared/testMessages';
import { h, setText } from '../elements/dom';
import { dayOf, dayAndTime } from '../format';
import { t } from '../texts';
import { stateMark } from './stateMark';

/** The actions that a click in the coverage starts. */
export interface CoverageActions {
  /** Creates a test of everything that was never tried, or of one fault on one target. */
  test: (cell: { fault: string; target: string } | undefined) => void;
  /** Compares two runs. */
  compare: () => void;
  /** Take in results of the command line. */
  importResults: () => void;
  /** It was opened or closed. */
  toggled: (open: boolean) => void;
}

/** Which faults were tried on which nodes, with the newest verdict, and which were never tried. */
export class CoverageView {
  readonly element: HTMLDetailsElement;
  readonly #summary = h('span', { class: 'muted' });
  readonly #table = h('div', { class: 'table' });
  readonly #actions: CoverageActions;
  readonly #testAll: HTMLButtonElement;
  #shown = '';

  constructor(actions: CoverageActions, open: boolean) {
    this.#actions = actions;
    this.#testAll = h('button', { onclick: () => actions.test(undefined) }, t('Test what is missing…'));
    this.element = h(
      'details',
      { class: 'coverage', open, ontoggle: () => actions.toggled(this.element.open) },
      h('summary', {}, h('h2', {}, t('Coverage')), this.#summary),
      h(
        'p',
        { class: 'muted' },
        t('Which faults this workspace has tried on which nodes, with the newest verdict of a resilience test.'),
      ),
      h(
        'div',
        { class: 'actions' },
        this.#testAll,
        h('button', { class: 'secondary', onclick: () => actions.compare() }, t('Compare test runs…')),
        h('button', { class: 'secondary', onclick: () => actions.importResults() }, t('Import test results…')),
      ),
      this.#table,
    );
  }

  update(coverage: PanelCoverage | undefined): void {
    const key = JSON.stringify(coverage);
    if (key === this.#shown) return;
    this.#shown = key;
    this.element.hidden = coverage === undefined;
    if (!coverage) return;
    const { tried, all } = coverage;
    setText(this.#summary, all === 0 ? t('No database node') : t('{0} of {1} tried', tried, all));
    this.#testAll.disabled = tried === all;
    const focused = (document.activeElement as HTMLElement | null)?.dataset['cell'];
    this.#table.replaceChildren(
      all === 0 ? h('p', { class: 'muted' }, t('No database node is known yet.')) : this.#rows(coverage),
    );
    if (focused !== undefined) this.#table.querySelector<HTMLElement>(`[data-cell="${CSS.escape(focused)}"]`)?.focus();
  }

  #rows({ by, targets, rows }: PanelCoverage): HTMLElement {
    const heads = targets.map(({ name, nodes }) =>
      h('th', { scope: 'col' }, name, ...(by === 'zone' ? [h('div', { class: 'muted' }, t('{0} nodes', nodes))] : [])),
    );
    const leader = rows.some(({ onLeader }) => onLeader)
      ? [h('th', { scope: 'col', title: leaderWords() }, t('Leader'))]
      : [];
    return h(
      'table',
      {},
      h('caption', { class: 'visually-hidden' }, t('Coverage')),
      h('thead', {}, h('tr', {}, h('th', { scope: 'col' }, t('Fault')), ...heads, ...leader)),
      h(
        'tbody',
        {},
        ...rows.map(({ fault, title, cells, onLeader }) =>
          h(
            'tr',
            {},
            h('th', { scope: 'row' }, title),
            ...cells.map((cell, i) => {
              const { name = '', nodes = 1 } = targets[i] ?? {};
              return h('td', {}, ...this.#cell(cell, { fault, title, name, nodes }));
            }),
            ...(onLeader ? [h('td', {}, ...leaderCell(onLeader))] : []),
          ),
        ),
      ),
    );
  }

  #cell(
    { state, strengths, nodes }: PanelCoverageCell,
    of: { fault: string; title: string; name: string; nodes: number },
  ): HTMLElement[] {
    const { fault, title, name } = of;
    if (state === 'never')
      return [
        h(
          'button',
          {
            class: 'link',
            'data-cell': `${fault} ${name}`,
            'aria-label': t('{0} on {1} was never tried: new test', title, name),
            title: t('New test of {0} on {1}', title, name),
            onclick: () => this.#actions.test({ fault, target: name }),
          },
          stateMark('never'),
        ),
      ];
    return [
      ...strengths.map(strengthLine),
      ...(of.nodes > 1 ? [h('div', { class: 'muted' }, t('{0} of {1} nodes', nodes, of.nodes))] : []),
    ];
  }
}

/** Who leads is another matter at each moment, so that no test can be made for it from here. */
const leaderCell = ({ state, strengths }: PanelCoverageCell): HTMLElement[] =>
  state === 'never' ? [stateMark('never')] : strengths.map((one) => strengthLine({ ...one, onLeader: undefined }));

/** The verdict, how strong it was, when, and what else is known of it. */
function strengthLine({ title, state, at, onLeader, importedFrom }: PanelCoveredStrength): HTMLElement {
  const words = [title, dayOf(at)];
  if (onLeader) words.push(t('leader'));
  if (importedFrom !== undefined) words.push(t('imported'));
  const whole = [dayAndTime(at)];
  if (onLeader) whole.push(leaderWords());
  if (importedFrom !== undefined) whole.push(t('Imported from {0}', importedFrom));
  return h('div', { title: whole.join('\n') }, stateMark(state), ' ', h('span', { class: 'muted' }, words.join(' · ')));
}

const leaderWords = (): string => t('The node with the root service when the fault began');
