import type { PanelBoard, PanelVerdict } from '../../shared/truthMessages';
import { h, setText } from '../elements/dom';
import { formatRank, timeOfDay } from '../format';
import { formatPercent } from '../../core/base/percent';
import { t } from '../texts';

/** The actions that a click in the scoreboard starts. */
export interface ScoreboardActions {
  saveReport: (key: string) => void;
  /** It was opened or closed. */
  toggled: (open: boolean) => void;
}

/** How the diagnosis judged our experiments: overall figures and a table. */
export class ScoreboardView {
  readonly element: HTMLDetailsElement;
  readonly #summary = h('span', { class: 'muted' });
  readonly #figures = h('dl', { class: 'figures' });
  readonly #table = h('div', { class: 'table' });
  readonly #actions: ScoreboardActions;
  readonly #meanings: HTMLElement;
  #board: PanelBoard | undefined;
  #few = true;
  #shown = '';

  constructor(actions: ScoreboardActions, open: boolean) {
    this.#actions = actions;
    this.element = h(
      'details',
      { class: 'scoreboard', open, ontoggle: () => this.#actions.toggled(this.element.open) },
      h('summary', {}, h('h2', {}, t('Diagnosis accuracy')), this.#summary),
      this.#figures,
      (this.#meanings = h('div', {}, meanings(this.#few))),
      this.#table,
    );
  }

  /** How many nodes the database has. With three nodes, the first three entries can name every node. */
  setNodes(count: number): void {
    const few = count <= 3;
    if (few === this.#few) return;
    this.#few = few;
    this.#meanings.replaceChildren(meanings(few));
    if (this.#board) this.update(this.#board);
  }

  update(board: PanelBoard): void {
    this.#board = board;
    const key = JSON.stringify([board, this.#few]);
    if (key === this.#shown) return;
    this.#shown = key;
    setText(this.#summary, summaryText(board));
    this.#figures.replaceChildren(
      ...figures(board, this.#few).map(([name, value, behind]) =>
        h('div', {}, h('dt', {}, name), h('dd', {}, value), h('dd', { class: 'muted' }, behind)),
      ),
    );
    const focused = (document.activeElement as HTMLElement | null)?.dataset['report'];
    this.#table.replaceChildren(
      board.verdicts.length === 0
        ? h(
            'p',
            { class: 'muted' },
            t('No experiment of yours has run yet. Inject one to see how soon it is diagnosed.'),
          )
        : this.#rows(board.verdicts),
    );
    if (focused !== undefined)
      this.#table.querySelector<HTMLElement>(`[data-report="${CSS.escape(focused)}"]`)?.focus();
  }

  #rows(verdicts: readonly PanelVerdict[]): HTMLElement {
    const titles = [
      t('Experiment'),
      t('Injected at'),
      t('Detected'),
      t('Top diagnosis'),
      t('Recovery detected'),
      t('False diagnoses'),
      t('Report'),
    ];
    return h(
      'table',
      {},
      h('caption', { class: 'visually-hidden' }, t('Diagnosis accuracy')),
      h('thead', {}, h('tr', {}, ...titles.map((title) => h('th', { scope: 'col' }, title)))),
      h('tbody', {}, ...verdicts.map((verdict) => this.#row(verdict))),
    );
  }

  #row(verdict: PanelVerdict): HTMLElement {
    const { key, title, nodes, fromMs, falseNames } = verdict;
    const wrong = falseNames.map((one) => `${t('{0} on {1}', one.title, one.node)} ${formatPercent(one.probability)}`);
    return h(
      'tr',
      { class: verdict.state },
      h('th', { scope: 'row' }, h('div', {}, title), h('div', { class: 'muted' }, nodes.join(', '))),
      h('td', {}, timeOfDay(fromMs)),
      h('td', {}, seenText(verdict)),
      h('td', {}, firstText(verdict)),
      h('td', {}, healedText(verdict)),
      h('td', {}, wrong.length > 0 ? wrong.join('; ') : judged(verdict) ? t('none') : ''),
      h(
        'td',
        {},
        h(
          'button',
          { class: 'link', 'data-report': key, onclick: () => this.#actions.saveReport(key) },
          t('Save report…'),
        ),
      ),
    );
  }
}

const judged = ({ state }: PanelVerdict): boolean => state === 'seen' || state === 'missed';

/** A delay in words: `22 s`, `3 min 5 s`. */
function delayText(ms: number): string {
  const seconds = Math.round(ms / 1000);
  if (seconds < 120) return t('{0} s', seconds);
  return t('{0} min {1} s', Math.floor(seconds / 60), seconds % 60);
}

/** The same for what may last for hours. */
const lengthText = (ms: number): string =>
  ms < 2 * 3_600_000 ? delayText(ms) : t('{0} h', formatRank(ms / 3_600_000));

function seenText({ state, seenAfterMs, carriedOver, lookedLate, namedPairs, allPairs }: PanelVerdict): string {
  switch (state) {
    case 'seen': {
      const after = carriedOver
        ? t('already diagnosed before injection')
        : lookedLate
          ? t('when the panel was opened')
          : t('after {0}', delayText(seenAfterMs ?? 0));
      return allPairs > 1 ? `${after} · ${t('{0} of {1} nodes', namedPairs, allPairs)}` : after;
    }
    case 'waiting':
      return t('not yet');
    case 'missed':
      return t('never');
    case 'tooShort':
      return t('too short to be detected');
    case 'unobserved':
      return t('panel was closed');
    case 'notDiagnosable':
      return t('not diagnosable');
    case 'notWatched':
      return t('not on these nodes');
  }
}

function firstText(verdict: PanelVerdict): string {
  if (verdict.firstAfterMs !== undefined && verdict.lookedLate) return t('when the panel was opened');
  if (verdict.firstAfterMs !== undefined) return t('after {0}', delayText(verdict.firstAfterMs));
  return judged(verdict) ? t('never') : '';
}

function healedText({ state, healedAfterMs, acting }: PanelVerdict): string {
  if (healedAfterMs !== undefined) return t('after {0}', delayText(healedAfterMs));
  return state === 'seen' && !acting ? t('not yet') : '';
}

function summaryText({ judged: all, namedFirst, ac }: PanelBoard): string {
  if (all === 0) return t('No experiment judged yet');
  const first = t('{0} of {1} diagnosed correctly', namedFirst, all);
  return ac ? `${first} · AC@1 ${formatPercent(ac[1])}` : first;
}

/** A name, its value, and what it is based on. */
function figures(board: PanelBoard, few: boolean): [string, string, string][] {
  const { ac, cases, judged: all, seen, seenAfterMs, healedAfterMs, falseAlarms, quietMs, falseAlarmsPerHour } = board;
  const none = '–';
  const ofCases = cases === 1 ? t('over 1 case') : t('over {0} cases', cases);
  return [
    ...(few ? ([1] as const) : ([1, 3, 5] as const)).map((k): [string, string, string] => [
      `AC@${k}`,
      ac ? formatPercent(ac[k]) : none,
      ofCases,
    ]),
    [
      t('Median time to detect'),
      seenAfterMs === undefined ? none : delayText(seenAfterMs),
      t('{0} of {1} experiments detected', seen, all),
    ],
    [t('Median time to detect recovery'), healedAfterMs === undefined ? none : delayText(healedAfterMs), ''],
    [
      t('False alarms per hour'),
      falseAlarmsPerHour === undefined ? none : formatRank(falseAlarmsPerHour),
      t('{0} in {1} without an experiment', falseAlarms, lengthText(quietMs)),
    ],
  ];
}

/** What the figures mean, for sighted, keyboard and screen reader users alike. */
function meanings(few: boolean): HTMLElement {
  const texts: [string, string][] = [
    few
      ? [
          'AC@1',
          t(
            'How often the first entry of the diagnosis is what was running: the mean over the cases. A case is one experiment, or several at once, that ran through a whole window.',
          ),
        ]
      : [
          t('AC@1, AC@3, AC@5'),
          t(
            'How much of what was running is among the first 1, 3 or 5 entries of the diagnosis: the mean over the cases. A case is one experiment, or several at once, that ran through a whole window.',
          ),
        ],
    [
      t('Median time to detect'),
      t('From the injection until it is diagnosed on its node; half of the experiments were detected sooner.'),
    ],
    [t('Median time to detect recovery'), t('From the end of an experiment until its diagnosis is cleared.')],
    [
      t('False alarms per hour'),
      t('How often something was diagnosed while no experiment was running or had just ended.'),
    ],
  ];
  return h(
    'details',
    { class: 'meanings' },
    h('summary', {}, t('What do these figures mean?')),
    h('dl', {}, ...texts.flatMap(([name, meaning]) => [h('dt', {}, name), h('dd', {}, meaning)])),
  );
}
