import { checkText } from '../src/adapters/language/check';
import { admit } from '../src/demo/kubernetes/requests/admission';
import type { KubeObject } from '../src/demo/kubernetes/objects/objects';
import { RESOURCES, type Resource } from '../src/demo/kubernetes/objects/resources';
import { embedKey, isInjectable } from '../src/core/chaosYaml/kinds';
import { isRecord, recordsOf, textOf } from '../src/core/base/unknown';
import type { MadeManifest } from './manifests';
import { DEMO_RULES } from './support';

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

type Json = Readonly<Record<string, unknown>>;

/** An object that a controller makes of what another one holds, or why it cannot. */
export type Started = { kind: string; spec: Json } | { failure: string };

const embedded = (holder: Json, type: string): Started => {
  const spec = holder[type === 'Workflow' ? 'workflow' : embedKey(type)];
  return isRecord(spec) ? { kind: type, spec } : { failure: `no spec of ${type}` };
};

/**
 * What Chaos Mesh makes of a schedule or a workflow that the API server has taken, as its controllers do when the time
 * comes: pkg/workflow/controllers/{new_node,chaos_node_reconciler,statuscheck_reconciler,task_reconciler}.go and
 * controllers/schedule/cron.
 */
export function startedBy({ kind, spec }: { kind: string; spec: Json }): Started[] {
  if (kind === 'Schedule') return [embedded(spec, textOf(spec['type']))];
  if (kind !== 'Workflow') return [];
  const templates = recordsOf(spec['templates']);
  const names = templates.map(({ name }) => name);
  return templates.flatMap((template): Started[] => {
    const type = textOf(template['templateType']);
    const { schedule, statusCheck, task } = template;
    if (isInjectable(type)) return [embedded(template, type)];
    if (type === 'StatusCheck')
      return [isRecord(statusCheck) ? { kind: type, spec: statusCheck } : { failure: 'no spec of StatusCheck' }];
    if (type === 'Schedule') {
      if (!isRecord(schedule)) return [{ failure: 'no spec of Schedule' }];
      // `conversionSchedule` leaves these two out.
      const { azureChaos: _azure, blockChaos: _block, ...converted } = schedule;
      return [{ kind: type, spec: converted }];
    }
    if (type !== 'Task') return [];
    const lost = recordsOf(template['conditionalBranches']).find(({ target }) => !names.includes(target));
    return [
      ...(isRecord(task) && isRecord(task['container']) ? [] : [{ failure: 'no container to run' }]),
      ...(lost ? [{ failure: `workflow do not contains template called ${textOf(lost['target'])}` }] : []),
    ];
  });
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
  return checkText(text, DEMO_RULES)
    .findings.filter(({ severity }) => severity === 'error')
    .map(({ code, message, start }) => ({
      code,
      message: String(message),
      key: /"([^"]*)":$/.exec(text.slice(0, start))?.[1] ?? '',
    }));
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
