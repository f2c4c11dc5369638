import { Emitter } from '../base/emitter';
import type { Disposable } from '../base/disposable';
import type { ExperimentRef } from '../experiments/experiment';
import type { Expectation } from '../scenario/expectation';
import type { TestLook, TestResult } from './testResult';
import type { Verdict } from './outcome';

/** A test as the views show it: under way, or ended with a verdict. */
export interface ShownTest extends TestLook {
  name: string;
  expectations: readonly Expectation[];
  /** The database's pods that its faults hit. */
  targets: ReadonlySet<string>;
  /** Its experiments that have been created. */
  refs: readonly ExperimentRef[];
  /** Undefined while it is under way. */
  verdict: Verdict | undefined;
}

/** More of them nobody looks at. */
const MOST = 20;

/** The tests that this window runs or has run on one cluster, newest last. */
export class TestBoard {
  readonly #listeners = new Emitter();
  #tests: readonly ShownTest[] = [];

  get tests(): readonly ShownTest[] {
    return this.#tests;
  }

  /** The test whose fault an experiment is; undefined where none of this window has created it. */
  testOf({ kind, namespace, name }: ExperimentRef): ShownTest | undefined {
    return this.#tests.find(({ refs }) =>
      refs.some((ref) => ref.kind === kind && ref.namespace === namespace && ref.name === name),
    );
  }

  /** Takes up a test; what is called then brings it up to date. */
  add(
    test: Pick<ShownTest, 'name' | 'expectations' | 'targets'>,
  ): (look: TestLook | TestResult, refs: readonly ExperimentRef[]) => void {
    let shown: ShownTest | undefined;
    return (look, refs) => {
      const before = shown;
      const { outcomes, phases } = look;
      shown = { ...test, outcomes, phases, refs, verdict: 'verdict' in look ? look.verdict : undefined };
      this.#tests = [...this.#tests.filter((one) => one !== before), shown].slice(-MOST);
      this.#listeners.emit();
    };
  }

  onChange(listener: () => void): Disposable {
    return this.#listeners.add(listener);
  }
}
