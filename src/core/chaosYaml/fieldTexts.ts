import { msg, type Text } from '../base/text';
import { textOf } from '../base/unknown';
import { nearestWord, setting, type Fix, type Path } from './findings';
import type { WebhookProblem } from './webhookRules';

type Spec = Readonly<Record<string, unknown>>;
type Explained = { message: Text; fixes: Fix[] };

const METHODS = ['GET', 'POST', 'PUT', 'DELETE', 'PATCH', 'HEAD', 'OPTIONS', 'TRACE', 'CONNECT'];

/** What the webhooks refuse of one field, in plain words; undefined where only their own words say it. */
export function explainField(problem: WebhookProblem, path: Path, spec: Spec): Explained | undefined {
  const { rule, value, why } = problem;
  const text = textOf(value);
  const key = textOf(path.at(-1));
  switch (rule) {
    case 'range':
      return text.startsWith('-')
        ? { message: msg`"${key}" must not be negative.`, fixes: [setting('Write 0', path, 0)] }
        : { message: msg`"${text}" is too large for "${key}".`, fixes: [] };
    case 'port':
      return {
        message: 'The server port must be a number from 1 to 65535.',
        fixes: [setting('Write port: 8080', path, 8080)],
      };
    case 'method': {
      const meant = nearestWord(text, METHODS);
      return {
        message: msg`"${text}" is not a valid HTTP method: use capitals, for example "GET".`,
        fixes: meant === undefined ? [] : [setting(msg`Write "${meant}"`, path, meant)],
      };
    }
    case 'statusCode':
      return {
        message: msg`"${text}" is not a valid status code: use a code such as "200" or a range such as "200-299".`,
        fixes: [setting('Write "200"', path, '200')],
      };
    case 'url':
      return {
        message:
          text === ''
            ? msg`Missing field "${key}": an address such as "http://host:8080/path".`
            : msg`"${text}" is not a valid address: use a full URL such as "http://host:8080/path".`,
        fixes: /^[\w.-]+(:\d+)?(\/\S*)?$/.test(text)
          ? [setting(msg`Write "http://${text}"`, path, `http://${text}`)]
          : [],
      };
    case 'needed':
      return needed(key, spec, why);
    case 'jvm':
      return jvm(key, path, spec, why);
    case 'machine':
      return machine(path, spec, why);
    case 'machineBlock':
      return {
        message: msg`The action "${textOf(spec['action'])}" requires a block of the same name.`,
        fixes: [],
      };
    case 'machineAddress':
      return /only one/.test(why)
        ? {
            message: 'Use either "address" or "selector" to name machines, not both.',
            fixes: [{ title: 'Remove the addresses', changes: [{ op: 'remove', path }] }],
          }
        : {
            message: 'No machine is given: use "address", such as "192.168.0.10:31767", or "selector".',
            fixes: [],
          };
    case 'notHere':
      return {
        message: msg`A template of this type must not have "${key}": it would never run.`,
        fixes: [{ title: msg`Remove "${key}"`, changes: [{ op: 'remove', path }] }],
      };
    case 'choice':
      return { message: msg`"${text}" is not a valid value for "${key}".`, fixes: [] };
    case 'templateName':
      return {
        message: msg`"${text}" is not a valid template name: use lowercase letters, digits, "-" and ".".`,
        fixes: [],
      };
    default:
      return undefined;
  }
}

function needed(key: string, spec: Spec, why: string): Explained {
  const action = textOf(spec['action']);
  if (key === 'http') return { message: 'A StatusCheck requires the block "http".', fixes: [] };
  if (key === 'entry') return { message: 'Missing field "entry": the template the workflow starts with.', fixes: [] };
  if (key === 'name') return { message: 'Missing field "name": other templates refer to this one by it.', fixes: [] };
  return action === '' ? { message: why, fixes: [] } : missing(action, key);
}

const missing = (action: string, key: string): Explained => ({
  message: msg`The action "${action}" requires the field "${key}".`,
  fixes: [],
});

function jvm(key: string, path: Path, spec: Spec, why: string): Explained {
  const action = textOf(spec['action']);
  if (key === 'action')
    return {
      message: 'A JVMChaos requires an action: latency, exception, return, stress, gc, ruleData or mysql.',
      fixes: [],
    };
  if (/both CPU and memory/.test(why))
    return {
      message: 'A JVMChaos stresses CPU or memory, not both: use two experiments.',
      fixes: [{ title: 'Remove "memType"', changes: [{ op: 'remove', path }] }],
    };
  if (/'stack' or 'heap'/.test(why))
    return { message: '"memType" must be "stack" or "heap".', fixes: [setting('Write "heap"', path, 'heap')] };
  if (/only support 5/.test(why))
    return {
      message: '"mysqlConnectorVersion" must be "5" or "8", the major version.',
      fixes: [setting('Write "8"', path, '8')],
    };
  if (/must set one of cpu/.test(why))
    return {
      message: 'The action "stress" requires "cpuCount" or "memType".',
      fixes: [setting('Stress one CPU', path, 1)],
    };
  if (/one of exception or latency/.test(why))
    return { message: 'The action "mysql" requires "exception" or "latency".', fixes: [] };
  const said = missing(action, key);
  if (key === 'latency') return { ...said, fixes: [setting('Add latency: 1000 (milliseconds)', path, 1000)] };
  // The selector's own "value", which Chaos Mesh's older manual used for what a method returns.
  const value = [...path.slice(0, -1), 'value'];
  const counts = /^(fixed|fixed-percent|random-max-percent)$/.test(textOf(spec['mode']));
  return key === 'returnValue' && textOf(spec['value']) !== '' && !counts
    ? {
        message: 'The action "return" requires the field "returnValue": "value" belongs to the mode.',
        fixes: [
          { title: 'Change "value" to "returnValue"', changes: [{ op: 'rename', path: value, key: 'returnValue' }] },
        ],
      }
    : said;
}

function machine(path: Path, spec: Spec, why: string): Explained {
  const key = textOf(path.at(-1));
  const action = textOf(spec['action']) || textOf(path.at(-2));
  const message = MACHINE_TEXTS.find(([words]) => words.test(why))?.[1];
  return message === undefined ? missing(action, key) : { message, fixes: [] };
}

const MACHINE_TEXTS: readonly (readonly [RegExp, Text])[] = [
  [/^unknown unit/, 'A size must be a number with a unit, such as "256M", "1G" or "512KB".'],
  [
    /^(correlation .* is|percent is) invalid/,
    'A percentage must be a quoted number from 0 to 100, without the percent sign.',
  ],
  [/protocol should be 'tcp'/, '"accept-tcp-flags" requires "ip-protocol: tcp".'],
  [/direction should be/, '"direction" must be "to" or "from".'],
  [/ip-address and hostname/, 'The action "network-partition" requires "ip-address" or "hostname": the other end.'],
  [/must match a DNS ip/, '"dns-domain-name" and "dns-ip" must be used together.'],
  [/pid is invalid/, '"pid" must be a process ID greater than 0.'],
  [/cpu-count and mem-type/, 'The action "jvm-stress" requires "cpu-count" or "mem-type".'],
  [/both CPU and memory/, 'The action "jvm-stress" stresses CPU or memory, not both.'],
  [/exception or latency/, 'The action "jvm-mysql" requires "exception" or "latency".'],
  [/^option invalid/, 'Chaos Mesh rejects the options XX, NX, GT and LT: omit "option".'],
  [/only one of size and percent/, '"percent" requires "cacheSize" to be "0": only one of them applies.'],
  [/file-name and dir-name/, 'The action requires "file-name" or "dir-name".'],
  [/non-readable or non-writable/, 'The action "kafka-io" requires "nonReadable" or "nonWritable" to be true.'],
];
