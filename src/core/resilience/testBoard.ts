import { Emitter } from '../base/emitter';
import type { Disposable } from '../base/disposable';
import type { ExperimentRef } from '../experiments/experiment';
import { fullNameOf } from '../experiments/find';
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

/** The newest of these tests whose fault an experiment is. */
export function testAmong(tests: readonly ShownTest[], ref: ExperimentRef): ShownTest | undefined {
  const name = fullNameOf(ref);
  return tests.findLast(({ refs }) => refs.some((one) => fullNameOf(one) === name));
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

  /** The newest test whose fault an experiment is; undefined where none of this window has created it. */
  testOf(ref: ExperimentRef): ShownTest | undefined {
    return testAmong(this.#tests, ref);
  }

  /** Takes up a test; what is called then brings it up to date. */
  add(
    test: Pick<ShownTest, 'name' | 'expectations' | 'targets'>,
  ): (look: TestLook | TestResult, refs: readonly ExperimentRef[]) => void {
    let shown: ShownTest | undefined;
    return (look, refs) => {
      const before = shown;
      const { outcomes, phases, judged } = look;
      shown = { ...test, outcomes, phases, judged, refs, verdict: 'verdict' in look ? look.verdict : undefined };
      this.#tests = [...this.#tests.filter((one) => one !== before), shown].slice(-MOST);
      this.#listeners.emit();
    };
  }

  onChange(listener: () => void): Disposable {
    return this.#listeners.add(listener);
  }
}
