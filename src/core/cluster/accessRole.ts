import type { AccessNeed } from './access';

/** A rule of a Role. */
interface RoleRule {
  apiGroups: string[];
  resources: string[];
  verbs: string[];
}

type Manifest = Readonly<Record<string, unknown>>;

const API_GROUP = 'rbac.authorization.k8s.io';
const SERVICE_ACCOUNT = /^system:serviceaccount:([^:]+):([^:]+)$/;

/** Stands where the server did not tell the user's name. */
export const UNKNOWN_USER = 'REPLACE-WITH-THE-USER-NAME';

/** What exactly allows these needs and nothing else: one Role with its binding for each namespace, ready to apply. */
export function rolesFor(needs: readonly AccessNeed[], user: string | undefined): Manifest[] {
  const namespaces = [...new Set(needs.map(({ namespace }) => namespace))];
  return namespaces.flatMap((namespace) => {
    const rules = rulesOf(needs.filter((need) => need.namespace === namespace));
    const everywhere = namespace === '';
    const kind = everywhere ? 'ClusterRole' : 'Role';
    // Named by its content: applied later, another role must not take this one's place and so its rights away.
    const name = `distdiag-${digest(JSON.stringify([rules, user]))}`;
    const metadata = everywhere ? { name } : { name, namespace };
    const apiVersion = `${API_GROUP}/v1`;
    return [
      { apiVersion, kind, metadata, rules },
      {
        apiVersion,
        kind: `${kind}Binding`,
        metadata,
        roleRef: { apiGroup: API_GROUP, kind, name },
        subjects: [subject(user)],
      },
    ];
  });
}

/** Rules as short as they can be said: resources with the same verbs share one. */
function rulesOf(needs: readonly AccessNeed[]): RoleRule[] {
  const verbs = new Map<string, Set<string>>();
  for (const { group, resource, verb } of needs) {
    const key = JSON.stringify([group, resource]);
    verbs.set(key, (verbs.get(key) ?? new Set()).add(verb));
  }
  const rules = new Map<string, RoleRule>();
  for (const [key, set] of verbs) {
    const [group, resource] = JSON.parse(key) as [string, string];
    const sorted = [...set].sort((a, b) => ORDER.indexOf(a) - ORDER.indexOf(b));
    const of = JSON.stringify([group, sorted]);
    const rule = rules.get(of);
    if (rule) rule.resources.push(resource);
    else rules.set(of, { apiGroups: [group], resources: [resource], verbs: sorted });
  }
  return [...rules.values()];
}

const ORDER = ['get', 'list', 'watch', 'create', 'patch', 'delete'];

function subject(user: string | undefined): Manifest {
  const account = SERVICE_ACCOUNT.exec(user ?? '');
  return account
    ? { kind: 'ServiceAccount', name: account[2], namespace: account[1] }
    : { apiGroup: API_GROUP, kind: 'User', name: user ?? UNKNOWN_USER };
}

/** FNV-1a: short, and the same for the same text. */
function digest(text: string): string {
  let hash = 0x811c9dc5;
  for (let i = 0; i < text.length; i++) hash = Math.imul(hash ^ text.charCodeAt(i), 0x01000193) >>> 0;
  return hash.toString(16).padStart(8, '0');
}
