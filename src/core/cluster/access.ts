import { FAULTS } from '../faults/catalogue';
import { pluralOf } from '../experiments/kinds';

/** What a permission is for: what the user can no longer do without it. */
export type AccessPurpose = 'see' | 'inject' | 'pause' | 'stop' | 'targets' | 'events' | 'podEvents' | 'metrics';

/** One thing that the user must be allowed to do. */
export interface AccessNeed {
  purpose: AccessPurpose;
  verb: string;
  group: string;
  /** Plural, with a subresource: `services/proxy`. */
  resource: string;
  /** '' = in all namespaces. */
  namespace: string;
}

/** What the permissions depend on. */
export interface AccessScope {
  /** Of the database's pods. */
  targetNamespace: string;
  /** Of the experiments. */
  chaosNamespace: string;
  /** The service that Prometheus is reached by; undefined = by an address of its own; `unknown` = still to be found. */
  prometheus: { namespace: string; resource: 'services/proxy' | 'pods/proxy' } | 'unknown' | undefined;
}

/** What the server said. */
export interface AccessReport {
  /** The user's name, where the server tells it. */
  user: string | undefined;
  missing: readonly AccessNeed[];
  /** The server could not be asked about everything: nothing is known to be missing that is not listed. */
  incomplete: boolean;
}

const CHAOS_GROUP = 'chaos-mesh.org';
/** The kinds that we inject ourselves. */
const KINDS = [...new Set(FAULTS.map(({ kind }) => kind))];
/** Those that start them by themselves: they are shown, applied, suspended and stopped. */
const STARTERS = ['Workflow', 'Schedule'];
const PURPOSES: Readonly<Record<string, AccessPurpose>> = {
  get: 'see',
  list: 'see',
  watch: 'see',
  create: 'inject',
  patch: 'pause',
  delete: 'stop',
};

/** Everything that is needed for all that DistDiag does, most important first. */
export function accessNeeds({ targetNamespace, chaosNamespace, prometheus }: AccessScope): AccessNeed[] {
  const chaos = (verb: string, namespace: string, kinds: readonly string[] = KINDS): AccessNeed[] =>
    kinds.map((kind) => ({
      purpose: PURPOSES[verb] as AccessPurpose,
      verb,
      group: CHAOS_GROUP,
      resource: pluralOf(kind),
      namespace,
    }));
  const core = (purpose: AccessPurpose, verb: string, resource: string, namespace: string): AccessNeed => ({
    purpose,
    verb,
    group: '',
    resource,
    namespace,
  });
  return [
    ...Object.keys(PURPOSES).flatMap((verb) => chaos(verb, chaosNamespace)),
    ...Object.keys(PURPOSES).flatMap((verb) => chaos(verb, chaosNamespace, STARTERS)),
    // A workflow's steps.
    ...['list', 'watch'].flatMap((verb) => chaos(verb, chaosNamespace, ['WorkflowNode'])),
    // Chaos Mesh asks for it in every namespace that the selector names.
    ...(targetNamespace === chaosNamespace ? [] : chaos('create', targetNamespace, [...KINDS, ...STARTERS])),
    core('targets', 'list', 'pods', targetNamespace),
    // Whether a pod was replaced under an experiment.
    core('targets', 'get', 'pods', targetNamespace),
    core('events', 'list', 'events', chaosNamespace),
    // What a test expects of the pods' events.
    core('podEvents', 'list', 'events', targetNamespace),
    ...(prometheus === 'unknown'
      ? [core('metrics', 'list', 'services', ''), core('metrics', 'get', 'services/proxy', '')]
      : prometheus
        ? [core('metrics', 'get', prometheus.resource, prometheus.namespace)]
        : []),
  ];
}

/** What is missing for one purpose, and for some kinds of Chaos Mesh only where they are named. */
export function missingFor(report: AccessReport, purpose: AccessPurpose, kinds?: readonly string[]): AccessNeed[] {
  const plurals = kinds?.map(pluralOf);
  return report.missing.filter(
    (need) => need.purpose === purpose && (plurals === undefined || plurals.includes(need.resource)),
  );
}

/** True where nothing can be injected, paused or stopped: the views show, and that is all. */
export function isReadOnly(report: AccessReport): boolean {
  return (['inject', 'pause', 'stop'] as const).every((purpose) =>
    KINDS.every((kind) => missingFor(report, purpose, [kind]).length > 0),
  );
}

/** `create stresschaos.chaos-mesh.org, networkchaos.chaos-mesh.org in oceanbase`. */
export function needsText(needs: readonly AccessNeed[]): string {
  const groups = new Map<string, string[]>();
  for (const { verb, group, resource, namespace } of needs) {
    const name = group === '' ? resource : `${resource}.${group}`;
    const key = JSON.stringify([verb, namespace]);
    groups.set(key, [...new Set([...(groups.get(key) ?? []), name])]); // one right may serve two purposes
  }
  return [...groups]
    .map(([key, names]) => {
      const [verb, namespace] = JSON.parse(key) as [string, string];
      return `${verb} ${names.join(', ')} in ${namespace === '' ? 'all namespaces' : namespace}`;
    })
    .join('; ');
}

/** What the user may do in one cluster. Throws AppError only. */
export interface AccessGateway {
  /** For each need whether it is allowed; undefined where the server could not say. */
  review(needs: readonly AccessNeed[], signal?: AbortSignal): Promise<(boolean | undefined)[]>;
  /** The name that the server knows the user by; undefined where it does not tell. */
  user(signal?: AbortSignal): Promise<string | undefined>;
}
