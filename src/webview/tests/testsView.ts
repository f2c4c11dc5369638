import type { PanelGhosts, TestHostMessage, TestViewMessage } from '../../shared/testMessages';
import { ComparisonView } from './comparisonView';
import { CoverageView } from './coverageView';

/** What the resilience test views need from the page. */
export interface TestsActions {
  post: (message: TestViewMessage) => void;
  ghosts: (ghosts: PanelGhosts | undefined) => void;
  /** Shows the time range of the comparison with this id. */
  show: (fromMs: number, toMs: number, id: number) => void;
  /** The coverage was opened or closed. */
  toggled: (open: boolean) => void;
}

/** The coverage below the charts, and above them the comparison of two runs. */
export class TestsView {
  readonly #actions: TestsActions;
  readonly #coverage: CoverageView;
  readonly #comparison: ComparisonView;
  /** The comparison whose time range was shown once; afterwards the user may choose another range. */
  #shownId: number | undefined;

  constructor(actions: TestsActions, { coverage, compared }: { coverage: boolean; compared: number | undefined }) {
    this.#actions = actions;
    this.#shownId = compared;
    const { post, toggled } = actions;
    this.#coverage = new CoverageView(
      {
        test: (cell) => post({ type: 'testUntried', cell }),
        compare: () => post({ type: 'compareRuns' }),
        importResults: () => post({ type: 'importResults' }),
        toggled,
      },
      coverage,
    );
    this.#coverage.update(undefined);
    this.#comparison = new ComparisonView(() => post({ type: 'endComparison' }));
  }

  get coverage(): HTMLElement {
    return this.#coverage.element;
  }

  get comparison(): HTMLElement {
    return this.#comparison.element;
  }

  heard(message: TestHostMessage): void {
    if (message.type === 'coverage') return this.#coverage.update(message.coverage);
    const { comparison } = message;
    this.#comparison.update(comparison);
    this.#actions.ghosts(comparison?.ghosts);
    if (!comparison || comparison.id === this.#shownId) return;
    this.#shownId = comparison.id;
    this.#actions.show(comparison.fromMs, comparison.toMs, comparison.id);
    this.#comparison.element.scrollIntoView({ block: 'nearest' });
  }
}
