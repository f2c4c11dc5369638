import type { FaultType } from '../faults/catalogue';
import { faultsTest } from '../presets/presetTest';
import type { Scenario } from '../scenario/scenario';
import type { Coverage } from './coverage';

/** A fault that was never tried on this target. */
export interface Untried {
  fault: FaultType;
  /** A node or a zone. */
  target: string;
  /** The node that a test of it would hit. */
  node: string;
}

/** What was never tried, fault by fault; of a zone its first node stands for it. */
export const untried = ({ rows, targets }: Coverage): Untried[] =>
  rows.flatMap(({ fault, cells }) =>
    cells.flatMap(({ state }, i) => {
      const { name: target = '', nodes: [node] = [] } = targets[i] ?? {};
      return state === 'never' && node !== undefined ? [{ fault, target, node }] : [];
    }),
  );

/** A test of what was never tried, one fault after another. */
export const testOfUntried = (chosen: readonly Untried[]): Scenario =>
  faultsTest(
    'what was never tested',
    'Faults that the history of this workspace does not have, one after another.',
    chosen.map(({ fault, node }) => ({ type: fault, target: { pod: node } })),
  );
