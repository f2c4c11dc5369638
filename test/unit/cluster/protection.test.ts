import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkObjects, checkPolicy, lessConfirmed } from '../../../src/core/injection/policy';
import {
  aliasesOf,
  isNamespaceName,
  isProtected,
  withoutContext,
  withoutNamespace,
} from '../../../src/core/cluster/protection';
import { processorMs } from '../../support';

describe('an entry protects', () => {
  it.each([
    ['prod', 'prod'],
    [' prod ', 'prod'],
    ['Prod', 'prod'],
    ['prod*', 'prod-eu'],
    ['*prod*', 'eu-prod-1'],
    ['kube-*', 'kube-system'],
    ['*', 'anything'],
    ['p?od', 'prod'],
    ['a*b*c', 'a-b-b-c'],
    ['https://10.0.0.1:6443', 'https://10.0.0.1:6443'],
  ])('%j: %j', (entry, name) => {
    expect(isProtected(name, ['other', entry])).toBe(true);
  });

  it.each([
    ['prod', 'production'],
    ['prod*', 'my-prod'],
    ['p?od', 'pod'],
    ['prod.', 'prodx'],
    ['', ''],
    ['  ', 'x'],
    ['a*b', 'a-c'],
  ])('%j, and not %j', (entry, name) => {
    expect(isProtected(name, [entry])).toBe(false);
  });

  it('what is named in full, whatever it is, and what begins with it where a * stands behind', () => {
    const word = fc.string({ minLength: 1 }).filter((text) => text.trim() !== '');
    fc.assert(
      fc.property(word, fc.string(), (name, more) => {
        expect(isProtected(name, [name])).toBe(true);
        expect(isProtected(`${name.trim()}${more}`, [`${name.trim()}*`])).toBe(true);
      }),
    );
  });

  it('without taking long over any pattern', () => {
    const pattern = '*a'.repeat(500);
    expect(processorMs(() => void isProtected('a'.repeat(2000), [`${pattern}b`]))).toBeLessThan(2000);
  });
});

const contexts = [
  { name: 'prod', cluster: 'c1', server: 'https://API.example:443/' },
  { name: 'alias', cluster: 'c2', server: 'https://api.example' },
  { name: 'other', cluster: 'c3', server: 'https://api.example:6443' },
  { name: 'behind', cluster: 'c4', server: 'https://api.example/k8s/c4' },
  { name: 'tunnel', cluster: 'c5', server: 'https://127.0.0.1:7000' },
  { name: 'tunnel-too', cluster: 'c6', server: 'https://localhost:7000' },
];

/** The policy of a window on one of these contexts. */
const on = (context: string, protectedContexts: string[]): Parameters<typeof checkPolicy>[0] => {
  const { cluster, server } = contexts.find(({ name }) => name === context) as (typeof contexts)[number];
  const aliases = aliasesOf({ context, cluster, server }, contexts);
  return { context, aliases, protectedContexts, protectedNamespaces: ['kube-*'] };
};

describe('a context is protected', () => {
  it.each([
    ['alias', 'prod'],
    ['alias', 'c1'],
    ['alias', 'c2'],
    ['alias', 'https://api.example'],
    ['alias', 'api.example'],
    ['tunnel', 'tunnel-too'],
    ['prod', 'PROD '],
  ])('where %s leads to what is protected by %j', (context, entry) => {
    expect(checkPolicy(on(context, [entry]), ['oceanbase'])).toMatchObject([{ field: 'context' }]);
  });

  it.each([
    ['https://api.example', 'https://api.example/'],
    ['https://api.example', 'https://api.example:443'],
    ['https://api.example', 'api.example:443'],
    ['https://api.example/', 'HTTPS://API.example'],
    ['https://api.example.:6443', 'https://api.example:6443'],
    ['https://api.example.:6443', 'api.example'],
    ['https://me@api.example:6443', 'https://api.example:6443'],
    ['https://api.example/k8s/c4', 'https://api.example:443/k8s/c4/'],
    ['https://api.eu.example', 'https://*.example/'],
    ['https://[2001:db8::1]:6443', '2001:db8::1'],
    ['https://[2001:db8::1]:6443', '[2001:DB8:0:0::1]:6443'],
    ['https://[2001:db8::1]:6443', 'https://[2001:0db8::1]:6443/'],
    ['https://127.0.0.1:7000', 'localhost:7000'],
    ['https://0.0.0.0:7000', 'https://127.0.0.1:7000'],
    ['http://api.example', 'api.example:80'],
  ])('by whatever spelling of its server: %s by %j', (server, entry) => {
    const one = { name: 'me', cluster: 'c', server };
    expect(withoutContext([entry], [one])).toEqual([]);
    expect(
      withoutContext(
        [
          entry
            .replace('example', 'sample')
            .replace(/1(?=:|$|\])/, '2')
            .replace('localhost', 'other'),
        ],
        [one],
      ),
    ).toHaveLength(1);
  });

  it.each(['0.0.0.0', '[::]', '[::1]', '127.1', '[::ffff:127.0.0.1]', 'LOCALHOST.', 'prod.localhost'])(
    'by the context of the same tunnel, that of %s',
    (host) => {
      const ways = [
        { name: 'prod', cluster: 'p', server: 'https://127.0.0.1:7000' },
        { name: 'me', cluster: 'c', server: `https://${host}:7000/` },
      ];
      expect(aliasesOf({ context: 'me', cluster: 'c', server: `https://${host}:7000/` }, ways)).toContain('prod');
      expect(aliasesOf({ context: 'me', cluster: 'c', server: `https://${host}:7001/` }, ways)).not.toContain('prod');
    },
  );

  it('and not by what only resembles its server or name', () => {
    const one = { name: 'admin@prod', cluster: 'c', server: 'https://api.example:6443' };
    const entries = ['api.example:443', 'https://api.example', 'http://api.example:6443', 'prod', 'x@api.example'];
    expect(withoutContext(entries, [one])).toEqual(entries);
    expect(withoutContext(['Admin@prod', 'api.example:6443', 'api.example'], [one])).toEqual([]);
  });

  it.each([
    ['other', 'prod'],
    ['behind', 'prod'],
    ['tunnel', 'prod'],
  ])('and %s is not by %j: another port or path is another cluster', (context, entry) => {
    expect(checkPolicy(on(context, [entry]), ['oceanbase'])).toEqual([]);
  });

  it('by a name that is told', () => {
    const [issue] = checkPolicy(on('alias', ['pro*']), []);
    expect(String(issue?.message)).toBe(
      'The context "alias" leads to "prod", which is protected by the setting distdiag.protectedContexts.',
    );
  });

  it('still where another entry was confirmed', () => {
    const left = lessConfirmed(on('alias', ['prod', 'c2']), on('alias', ['c2']));
    expect(checkPolicy(left, [])).toHaveLength(1);
    expect(checkPolicy(lessConfirmed(on('alias', ['prod']), on('alias', ['prod'])), [])).toEqual([]);
  });
});

describe('a namespace', () => {
  it('is protected by a pattern', () => {
    expect(checkPolicy(on('other', []), ['oceanbase', 'kube-node-lease'])).toMatchObject([{ field: 'namespace' }]);
  });

  it.each(['..', '.', 'a/b', 'UPPER', '-a', 'a'.repeat(64), ' oceanbase', 'oceanbase%2f', 'a\nb'])(
    'that is no DNS label is refused, whoever confirms it: %j',
    (name) => {
      expect(isNamespaceName(name)).toBe(false);
      const policy = on('other', []);
      expect(checkPolicy(lessConfirmed(policy, policy), [name]).map(({ message }) => String(message))).toContain(
        `"${name}" is not a valid namespace name.`,
      );
    },
  );
});

it('entries that protect nothing are found', () => {
  const entries = ['prod', 'prdo', 'c3', 'https://api.example:6443', '*.example', 'kind-*', 'tunnel*'];
  expect(withoutContext(entries, contexts)).toEqual(['prdo', 'kind-*']);
  expect(withoutNamespace(['kube-*', 'chaos-mesh', 'kube system', '/kube.*/'])).toEqual(['kube system', '/kube.*/']);
});

it('a namespace without a name, which stands for all of them, is refused wherever a selector names it', () => {
  const policy = { context: 'demo', protectedContexts: [], protectedNamespaces: ['kube-system'], asksOfClusters: true };
  const issues = (spec: Record<string, unknown>): string[] =>
    checkObjects(policy, [{ metadata: { namespace: 'oceanbase' }, spec }]).map(({ message }) => String(message));
  const selector = { namespaces: ['oceanbase', ''], labelSelectors: { app: 'x' } };
  const inSchedule = { type: 'PodChaos', podChaos: { selector } };
  for (const spec of [{ selector }, { target: { selector } }, { templates: [{ schedule: inSchedule }] }])
    expect(issues(spec)).toEqual([expect.stringContaining('select from all namespaces')]);
  expect(issues({ selector: { namespaces: ['oceanbase'] } })).toEqual([]);
});
