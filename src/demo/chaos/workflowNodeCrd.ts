import type { Crd } from './definitions';

type Json = Record<string, unknown>;

/** The definition of workflow nodes: a node has what its template in a workflow has, and its times and parents. */
export function workflowNodeCrd(workflows: Crd): Crd {
  const [version] = workflows.spec.versions as [Crd['spec']['versions'][0]];
  const schema = version.schema.openAPIV3Schema as { properties: Record<string, Json> };
  const spec = schema.properties['spec'] as { properties: { templates: { items: { properties: Json } } } };
  const { name: _n, templateType: _t, deadline: _d, ...embedded } = spec.properties.templates.items.properties;
  const text = { type: 'string' };
  const time = { type: 'string', format: 'date-time' };
  const references = { type: 'array', items: { type: 'object', properties: { name: text } } };
  const condition = { type: 'object', properties: { type: text, status: text, reason: text }, required: ['type'] };
  return {
    ...workflows,
    metadata: { ...workflows.metadata, name: 'workflownodes.chaos-mesh.org' },
    spec: {
      ...workflows.spec,
      names: {
        kind: 'WorkflowNode',
        listKind: 'WorkflowNodeList',
        plural: 'workflownodes',
        singular: 'workflownode',
        shortNames: ['wfn'],
      },
      versions: [
        {
          ...version,
          schema: {
            openAPIV3Schema: {
              ...schema,
              properties: {
                ...schema.properties,
                spec: {
                  type: 'object',
                  required: ['startTime', 'templateName', 'type', 'workflowName'],
                  properties: {
                    ...embedded,
                    templateName: text,
                    workflowName: text,
                    type: text,
                    startTime: time,
                    deadline: time,
                  },
                },
                status: {
                  type: 'object',
                  properties: {
                    activeChildren: references,
                    finishedChildren: references,
                    chaosResource: { type: 'object', properties: { apiGroup: text, kind: text, name: text } },
                    conditions: { type: 'array', items: condition },
                    conditionalBranchesStatus: {
                      type: 'object',
                      properties: {
                        branches: {
                          type: 'array',
                          items: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true },
                        },
                        context: { type: 'array', items: text },
                      },
                    },
                  },
                },
              },
            },
          },
        },
      ],
    },
  };
}
