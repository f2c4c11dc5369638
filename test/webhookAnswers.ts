import { checkText } from '../src/adapters/language/check';
import { admit } from '../src/demo/kubernetes/admission';
import type { KubeObject } from '../src/demo/kubernetes/objects';
import { RESOURCES, type Resource } from '../src/demo/kubernetes/resources';
import type { MadeManifest } from './manifests';

const CONTEXT = {
  namespace: 'oceanbase',
  labelSelector: 'ref-obcluster',
  container: 'observer',
  volumePath: '/home/admin/data-file',
  duration: '3m',
};

/** What the embedded cluster says to an object: '' where it takes it. */
export function demoRefusal({ object }: MadeManifest): string {
  const resource = RESOURCES.find(({ kind }) => kind === object.kind) as Resource;
  try {
    admit(resource, structuredClone(object) as unknown as KubeObject, 'Strict');
    return '';
  } catch (error) {
    return (error as Error).message;
  }
}

export interface CheckError {
  code: string;
  /** The key before the place that is marked. */
  key: string;
  message: string;
}

/** What the check of YAML says is refused. */
export function checkErrors({ object }: MadeManifest): CheckError[] {
  const text = JSON.stringify(object);
  return checkText(text, CONTEXT)
    .findings.filter(({ severity }) => severity === 'error')
    .map(({ code, message, start }) => ({ code, message, key: /"([^"]*)":$/.exec(text.slice(0, start))?.[1] ?? '' }));
}

/** What the API server takes and what fails later: the check says so at once. */
const LATER: Readonly<Record<string, string>> = {
  blockMissing: 'no traffic control to apply: the injection fails (controllers/chaosimpl/networkchaos/trafficcontrol)',
  volumePathMissing: 'no mount to work on: the injection fails (controllers/chaosimpl/iochaos)',
  portTooLarge: 'no TCP port: the redirection to the proxy fails (chaos-tproxy)',
  duration: "a template's deadline is parsed when the workflow comes to it (pkg/workflow/controllers/new_node.go)",
};

/** Why the check may refuse what the API server takes; undefined where it may not. */
export function reasonOf(errors: readonly CheckError[], real: string): string | undefined {
  const reasons = errors.map(({ code, key }) => (code === 'duration' && key !== 'deadline' ? undefined : LATER[code]));
  return real === '' && reasons.every((one) => one !== undefined) ? reasons[0] : undefined;
}

/** A refusal without the values that it quotes, which Go writes in its own ways. */
function bare(message: string): string {
  return message.replace(/Invalid value: (\{.*?\}|\[.*?\]|"(?:[^"\\]|\\.)*"|[^:]*): (?=\S)/g, '');
}

const VALIDATES = /^admission webhook "v/;

/** True where two refusals are about the same. What the schema refuses is said in the schema's order, which is not ours. */
export function sameWords(real: string, demo: string): boolean {
  if (real.includes('panic:')) return demo.includes('panic:');
  if (!VALIDATES.test(real) && !VALIDATES.test(demo)) return true;
  return bare(real) === bare(demo);
}
