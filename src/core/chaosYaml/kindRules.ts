import { msg, type Text } from '../base/text';
import { isRecord, textOf } from '../base/unknown';
import { durationError } from './goFormats';
import { setting, type Path, type RuleContext, type RuleFinding, type Severity } from './findings';
import { durationFinding } from './webhookFindings';

type Spec = Readonly<Record<string, unknown>>;
type Rule = (spec: Spec, at: Path, context: RuleContext) => (RuleFinding | undefined)[];

/** What is accepted, or refused late, and does not do what was meant: by kind. */
export function kindFindings(kind: string, spec: Spec, at: Path, context: RuleContext): RuleFinding[] {
  return (RULES[kind]?.(spec, at, context) ?? []).filter((one) => one !== undefined);
}

const finding = (
  code: string,
  severity: Severity,
  path: Path,
  message: Text,
  fixes: RuleFinding['fixes'],
): RuleFinding => ({ code, severity, path, message, fixes });

const missing = (value: unknown): boolean => value === undefined || value === null || value === '';

/** What an action of NetworkChaos does is in a block of the same name. */
const BLOCKS: Readonly<Record<string, Spec>> = {
  delay: { latency: '100ms', jitter: '0ms', correlation: '0' },
  loss: { loss: '25', correlation: '0' },
  duplicate: { duplicate: '25', correlation: '0' },
  corrupt: { corrupt: '25', correlation: '0' },
  bandwidth: { rate: '1mbps', limit: 20971520, buffer: 10000 },
};

const NETEM = ['delay', 'loss', 'duplicate', 'corrupt', 'rate'];

const RULES: Readonly<Record<string, Rule>> = {
  StressChaos: (spec, at) => [
    ...['cpu', 'memory'].map((of) => idleWorkers(spec, of, at)),
    missing(spec['stressngStressors'])
      ? undefined
      : finding(
          'stressng',
          'warning',
          [...at, 'stressngStressors'],
          'stressngStressors does nothing in current versions of Chaos Mesh: use stressors.',
          [{ title: 'Remove stressngStressors', changes: [{ op: 'remove', path: [...at, 'stressngStressors'] }] }],
        ),
  ],
  NetworkChaos: (spec, at) => {
    const action = textOf(spec['action']);
    const block = BLOCKS[action];
    const given = Object.keys(BLOCKS).filter((one) => isRecord(spec[one]));
    // Whatever the action is called, Chaos Mesh applies the blocks of netem that are there.
    const instead = action === 'bandwidth' ? undefined : NETEM.find((one) => isRecord(spec[one]));
    return [
      block && !isRecord(spec[action]) && instead !== undefined
        ? finding(
            'blockOther',
            'warning',
            [...at, action],
            msg`The action "${action}" has no block of the same name: the block "${instead}" is applied instead.`,
            [setting(msg`Add the block "${action}"`, [...at, action], block)],
          )
        : undefined,
      block && !isRecord(spec[action]) && instead === undefined
        ? finding(
            'blockMissing',
            'error',
            [...at, action],
            msg`The action "${action}" requires the block "${action}": without it the injection fails.`,
            [setting(msg`Add the block "${action}"`, [...at, action], block)],
          )
        : undefined,
      ...(block && isRecord(spec[action]) ? given.filter((one) => one !== action) : []).map((other) =>
        finding(
          'blocksMerged',
          'information',
          [...at, other],
          msg`The block "${other}" is applied as well, regardless of the action: all blocks take effect together.`,
          [{ title: msg`Remove the block "${other}"`, changes: [{ op: 'remove', path: [...at, other] }] }],
        ),
      ),
      action === 'partition' && !isRecord(spec['target']) && !Array.isArray(spec['externalTargets'])
        ? finding(
            'partitionAlone',
            'warning',
            [...at, 'target'],
            'Without a target the pods are isolated from everything.',
            [],
          )
        : undefined,
    ];
  },
  IOChaos: (spec, at, context) => {
    const volume = spec['volumePath'];
    const path = [...at, 'volumePath'];
    const add = setting(msg`Add volumePath: ${context.volumePath}`, path, context.volumePath);
    return [
      missing(volume)
        ? finding(
            'volumePathMissing',
            'error',
            path,
            'Missing field "volumePath": the mount in the container that the fault applies to.',
            [add],
          )
        : volume === '/'
          ? finding('volumePathRoot', 'warning', path, '"/" is not the mount of a volume: the injection fails.', [
              setting(msg`Write ${context.volumePath}`, path, context.volumePath),
            ])
          : undefined,
      spec['action'] === 'latency' && missing(spec['delay'])
        ? finding(
            'delayMissing',
            'warning',
            [...at, 'delay'],
            'I/O latency without "delay" is accepted but has no effect.',
            [setting('Add delay: 100ms', [...at, 'delay'], '100ms')],
          )
        : undefined,
      spec['percent'] === 0
        ? finding('percentZero', 'warning', [...at, 'percent'], '0 percent has no effect.', [
            setting('Write 100', [...at, 'percent'], 100),
          ])
        : undefined,
    ];
  },
  TimeChaos: (spec, at) => {
    const offset = textOf(spec['timeOffset']);
    const path = [...at, 'timeOffset'];
    return [
      offset !== '' && durationError(offset) !== undefined
        ? { code: 'duration', severity: 'error', path, ...durationFinding(offset, path) }
        : undefined,
    ];
  },
  HTTPChaos: (spec, at) => {
    const port = spec['port'];
    const does = ['abort', 'delay', 'replace', 'patch'].some((key) => !missing(spec[key]) && spec[key] !== false);
    const delay = textOf(spec['delay']);
    return [
      typeof port === 'number' && port > 65535
        ? finding('portTooLarge', 'error', [...at, 'port'], 'Invalid port: use 1 to 65535.', [
            setting('Write port: 8080', [...at, 'port'], 8080),
          ])
        : undefined,
      does
        ? undefined
        : finding('httpNothing', 'warning', at, 'No effect: set abort, delay, replace or patch.', [
            setting('Abort the connections', [...at, 'abort'], true),
          ]),
      delay !== '' && durationError(delay) !== undefined
        ? { code: 'duration', severity: 'error', path: [...at, 'delay'], ...durationFinding(delay, [...at, 'delay']) }
        : undefined,
    ];
  },
};

function idleWorkers(spec: Spec, of: string, at: Path): RuleFinding | undefined {
  const stressors = isRecord(spec['stressors']) ? spec['stressors'] : {};
  const stressor = isRecord(stressors[of]) ? stressors[of] : undefined;
  const workers = stressor?.['workers'];
  if (typeof workers !== 'number' || workers > 0) return undefined;
  const path = [...at, 'stressors', of, 'workers'];
  return finding('workersZero', 'warning', path, msg`${workers} workers are accepted but have no effect.`, [
    setting('Write 1', path, 1),
  ]);
}
