import { RISKS } from './risks';
import { fault, parameter, PERCENT, volumePath, type FaultDefinition } from './definition';

/** What a failing file operation returns, by the names of errno.h. */
export const ERRNO: Readonly<Record<string, number>> = {
  EIO: 5,
  EACCES: 13,
  EBUSY: 16,
  EINVAL: 22,
  EMFILE: 24,
  ENOSPC: 28,
  EROFS: 30,
};

/** Faults of a volume's files, except their delay. */
export const IO_FAULTS: readonly FaultDefinition[] = [
  fault({
    type: 'io_fault',
    title: 'I/O fault',
    description: 'A share of the file operations on one database volume fails with an error.',
    kind: 'IOChaos',
    parameters: [
      parameter(
        'errno',
        'Error',
        'Error returned by the operations. EIO: input/output error, ENOSPC: disk full.',
        'choice',
        'EIO',
        {
          choices: Object.keys(ERRNO),
        },
      ),
      parameter('percent', 'Share', 'Share of the operations that fail.', 'integer', 10, PERCENT),
      volumePath,
    ],
    presets: [
      { title: 'Mild', parameters: { percent: 1 } },
      { title: 'Severe', parameters: { percent: 100 } },
    ],
    risk: RISKS.ioFault,
    inContainer: true,
  }),
  fault({
    type: 'io_mistake',
    title: 'I/O mistake',
    description: 'Bytes read from or written to one database volume are replaced by wrong ones.',
    kind: 'IOChaos',
    parameters: [
      parameter('methods', 'Operations', 'Affected operations.', 'choice', 'READ', {
        choices: ['READ', 'WRITE', 'READ and WRITE'],
      }),
      parameter('filling', 'Filling', 'Content of the wrong bytes.', 'choice', 'zero', { choices: ['zero', 'random'] }),
      parameter('maxOccurrences', 'Places', 'Maximum number of places in each operation.', 'integer', 1, {
        min: 1,
        max: 1000,
      }),
      parameter('maxLength', 'Length', 'Maximum number of bytes in each place.', 'integer', 16, {
        unit: 'bytes',
        min: 1,
        max: 1_000_000,
      }),
      parameter('percent', 'Share', 'Share of the operations that are affected.', 'integer', 1, PERCENT),
      volumePath,
    ],
    presets: [
      { title: 'Mild', parameters: { maxLength: 1 } },
      {
        title: 'Severe',
        parameters: { methods: 'READ and WRITE', filling: 'random', percent: 50, maxOccurrences: 10 },
      },
    ],
    risk: RISKS.ioMistake,
    inContainer: true,
  }),
];
