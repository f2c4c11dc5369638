import type { Text } from '../base/text';
import { RISKS } from './risks';
import { fault, parameter, type FaultDefinition } from './definition';

const correlation = parameter(
  'correlation',
  'Correlation',
  'How strongly each packet depends on the previous one.',
  'integer',
  0,
  { unit: '%', min: 0, max: 100 },
);

const SHARE = { unit: '%', min: 0.001, max: 100 };

/** Bytes a second: 1 kbit/s, which is as good as nothing. */
const MIN_RATE = 125;

type ShareFault = Pick<FaultDefinition, 'type' | 'title' | 'description'>;

/** A fault that hits a share of the packets: by default, and at the presets. */
const shareFault = (
  given: ShareFault,
  [label, hint]: readonly [label: Text, hint: Text],
  [mild, usual, severe]: readonly [number, number, number],
): FaultDefinition =>
  fault({
    ...given,
    kind: 'NetworkChaos',
    parameters: [parameter('percent', label, hint, 'number', usual, SHARE), correlation],
    presets: [
      { title: 'Mild', parameters: { percent: mild } },
      { title: 'Severe', parameters: { percent: severe } },
    ],
  });

/** Faults of the pods' network, except its delay. */
export const NETWORK_FAULTS: readonly FaultDefinition[] = [
  shareFault(
    {
      type: 'network_loss',
      title: 'Network loss',
      description: 'Drops a share of the packets that leave the pod; TCP retransmits them with increasing delay.',
    },
    ['Loss', 'Share of the packets that are dropped.'],
    [1, 10, 50],
  ),
  shareFault(
    {
      type: 'network_corrupt',
      title: 'Network corruption',
      description: 'Flips a bit in a share of the packets that leave the pod; checksums discard most of them.',
    },
    ['Corruption', 'Share of the packets that are corrupted.'],
    [1, 10, 50],
  ),
  shareFault(
    {
      type: 'network_duplicate',
      title: 'Network duplication',
      description: 'Sends a share of the packets that leave the pod twice.',
    },
    ['Duplicates', 'Share of the packets that are sent twice.'],
    [5, 25, 100],
  ),
  fault({
    type: 'network_bandwidth',
    title: 'Network bandwidth',
    description: 'Limits the rate of packets that leave the pod; excess packets are queued, then dropped.',
    kind: 'NetworkChaos',
    parameters: [
      parameter(
        'rate',
        'Rate',
        'A number with kbit, mbit, gbit, kbps, mbps or gbps; bps means bytes per second.',
        'rate',
        '1mbps',
        {
          min: MIN_RATE,
          max: 1024 ** 4,
        },
      ),
    ],
    presets: [
      { title: 'Mild', parameters: { rate: '10mbps' } },
      { title: 'Severe', parameters: { rate: '128kbps' } },
    ],
  }),
  fault({
    type: 'network_partition',
    title: 'Network partition',
    description: 'Two groups of pods cannot reach each other; both still reach all other pods.',
    kind: 'NetworkChaos',
    parameters: [
      parameter(
        'direction',
        'Direction',
        'to: traffic sent by the first group; from: traffic it receives; both.',
        'choice',
        'both',
        {
          choices: ['both', 'to', 'from'],
        },
      ),
    ],
    presets: [{ title: 'One way: traffic sent by the first group', parameters: { direction: 'to' } }],
    risk: RISKS.partition,
    needsPeers: true,
  }),
];
