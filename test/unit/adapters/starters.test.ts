import { describe, expect, it } from 'vitest';
import type { KubernetesConnection } from '../../../src/adapters/kubernetes/index';
import type { ChaosObject } from '../../../src/core/experiments/experiment';
import { kubernetesScene } from './kubernetesScene';
import { json, type Handler } from './server';

const scene = kubernetesScene({ namespaces: ['a', 'b'] });

const status =
  (code: number): Handler =>
  (_, response) =>
    json(response, { kind: 'Status', message: `no ${code}`, code }, code);
const list: Handler = (_, response, { pathname }) =>
  json(response, {
    metadata: { resourceVersion: '1' },
    items: [{ metadata: { name: `of-${pathname.split('/').at(-2)}`, namespace: 'a', uid: 'u' } }],
  });
/** What the whole cluster answers, and what each of the known namespaces. */
const serve = (all: Handler, a: Handler, b: Handler): void => {
  scene.server.handler = (request, response, url) => {
    const [, namespace] = /\/namespaces\/(\w+)\//.exec(url.pathname) ?? [];
    (namespace === undefined ? all : namespace === 'a' ? a : b)(request, response, url);
  };
};

describe('workflows, their steps and schedules, where all namespaces may not be listed', () => {
  const held = (): ReturnType<KubernetesConnection['orchestration']['list']> => scene.connection.orchestration.list();
  const namesIn = (objects: readonly ChaosObject[]): unknown[] => objects.map(({ metadata }) => metadata.name);

  it('are those of the namespaces that may be', async () => {
    serve(status(403), list, status(403));
    const { workflows, nodes, schedules, lost } = await held();
    expect([workflows, nodes, schedules].map(namesIn)).toEqual([['of-a'], ['of-a'], ['of-a']]);
    expect(lost).toEqual([]);
  });

  it('are not said to be all where one namespace could not be asked', async () => {
    serve(status(403), list, status(500));
    const { workflows, lost } = await held();
    expect(namesIn(workflows)).toEqual(['of-a']);
    expect(lost.map(({ kind, error }) => [kind, error.code])).toEqual([
      ['Workflow', 'server'],
      ['WorkflowNode', 'server'],
      ['Schedule', 'server'],
    ]);
  });

  it('are none where the cluster does not have them, and not known where it does not answer', async () => {
    serve(status(404), list, list);
    expect(await held()).toEqual({ workflows: [], nodes: [], schedules: [], lost: [] });
    serve(status(500), list, list);
    expect((await held()).lost).toHaveLength(3);
  });
});
