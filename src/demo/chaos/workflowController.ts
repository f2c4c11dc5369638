import { parseDuration } from '../../core/time/duration';
import {
  CONTROLLED_BY_LABEL,
  embeddedKey,
  WORKFLOW,
  WORKFLOW_LABEL,
  WORKFLOW_NODE,
} from '../../core/workflows/embedded';
import type { Clock } from '../../core/base/clock';
import type { Disposable } from '../../core/base/disposable';
import { FOREGROUND } from '../kubernetes/objects/garbageCollector';
import { timestamp, type KubeObject, type ObjectStore } from '../kubernetes/objects/objects';
import { everyTick } from '../ticks';
import type { ChaosControls } from './controls';
import { EventRecorder } from './events';
import { withKnobs } from './knobs';
import { controlledBy, embeddedSpec, resourceOf, spawn } from './spawn';
import { conditionsOf, isFinished, withCondition } from './workflowStatus';

interface Template {
  name: string;
  templateType: string;
  deadline?: string;
  children?: string[];
  [key: string]: unknown;
}

/** Chaos Mesh's workflow controllers: one node for each template that runs, serial, parallel, suspended or an experiment. */
export class WorkflowController implements Disposable {
  readonly #store: ObjectStore;
  readonly #clock: Clock;
  readonly #events: EventRecorder;
  readonly #ticks: Disposable;

  constructor(store: ObjectStore, clock: Clock, controls: ChaosControls) {
    this.#store = store;
    this.#clock = clock;
    this.#events = new EventRecorder(store, clock, 'workflow');
    this.#ticks = everyTick(clock, () => {
      if (!withKnobs(store, controls).stopped) this.reconcile();
    });
  }

  dispose(): void {
    this.#ticks.dispose();
  }

  /** One look at all workflows and their nodes. */
  reconcile(): void {
    const live = (kind: string): KubeObject[] => {
      const resource = resourceOf(kind);
      return resource ? this.#store.list(resource).filter(({ metadata }) => !metadata.deletionTimestamp) : [];
    };
    for (const workflow of live(WORKFLOW)) this.#workflow(workflow);
    // A node's turn may change others: each is read when its turn comes.
    for (const { metadata } of live(WORKFLOW_NODE)) {
      const node = live(WORKFLOW_NODE).find((one) => one.metadata.uid === metadata.uid);
      if (node) this.#node(node);
    }
  }

  #workflow(workflow: KubeObject): void {
    let [entry] = controlledBy(this.#store, WORKFLOW_NODE, workflow);
    if (!entry) {
      entry = this.#render(workflow, workflow, String(workflow.spec?.['entry']));
      if (entry) this.#events.record(workflow, 'Normal', 'EntryCreated', `New entry created: ${entry.metadata.name}`);
    }
    const over = entry !== undefined && isFinished(entry);
    const before = workflow.status ?? {};
    const was = conditionsOf(workflow)['Accomplished'] === 'True';
    const now = timestamp(this.#clock.now());
    const status = {
      ...before,
      ...(entry ? { entryNode: entry.metadata.name } : {}),
      startTime: before['startTime'] ?? now,
      ...(over ? { endTime: before['endTime'] ?? now } : {}),
      conditions: [
        { type: 'Scheduled', status: entry ? 'True' : 'False', reason: '' },
        { type: 'Accomplished', status: over ? 'True' : 'False', reason: '' },
      ],
    };
    if (over && !was) this.#events.record(workflow, 'Normal', 'WorkflowAccomplished', 'Workflow accomplished');
    this.#write({ ...workflow, status });
  }

  #node(given: KubeObject): void {
    const node = this.#deadline(given);
    const type = String(node.spec?.['type']);
    if (type === 'Serial' || type === 'Parallel') this.#children(node, type === 'Serial');
    else if (type.endsWith('Chaos') || type === 'Schedule') this.#chaos(node, type);
  }

  #deadline(node: KubeObject): KubeObject {
    const { deadline } = node.spec ?? {};
    if (typeof deadline !== 'string') return node;
    const over = this.#clock.now() > Date.parse(deadline);
    const done = conditionsOf(node)['Accomplished'] === 'True';
    const reason = !over ? 'NodeDeadlineNotExceed' : done ? 'NodeDeadlineOmitted' : 'NodeDeadlineExceed';
    if (conditionsOf(node)['DeadlineExceed'] === 'True') return node;
    if (over && !done) {
      this.#events.record(node, 'Normal', 'DeadlineExceed', 'Node deadline exceed');
      for (const child of controlledBy(this.#store, WORKFLOW_NODE, node).filter((one) => !isFinished(one)))
        this.#write(withCondition(child, 'DeadlineExceed', 'True', 'ParentNodeDeadlineExceed'));
    }
    return this.#write(withCondition(node, 'DeadlineExceed', over ? 'True' : 'False', reason));
  }

  #children(node: KubeObject, serial: boolean): void {
    const wanted = (node.spec?.['children'] ?? []) as string[];
    const templateOf = (one: KubeObject): string => String(one.spec?.['templateName']);
    const workflow = this.#workflowOf(node);
    let children = controlledBy(this.#store, WORKFLOW_NODE, node);
    if (!isFinished(node) && workflow) {
      const active = children.filter((one) => !isFinished(one));
      const missing = serial
        ? active.length > 0
          ? []
          : wanted.slice(children.length, children.length + 1)
        : wanted.filter((name) => !children.some((one) => templateOf(one) === name));
      const made = missing.flatMap((name) => this.#render(workflow, node, name) ?? []);
      if (made.length > 0) {
        const names = made.map(({ metadata }) => metadata.name).join(', ');
        this.#events.record(node, 'Normal', 'NodesCreated', `Child nodes created, [${names}]`);
        children = controlledBy(this.#store, WORKFLOW_NODE, node);
      }
    } else if (isFinished(node)) {
      for (const child of children.filter((one) => !isFinished(one)))
        this.#write(withCondition(child, 'DeadlineExceed', 'True', 'ParentNodeDeadlineExceed'));
      children = controlledBy(this.#store, WORKFLOW_NODE, node);
    }
    const finished = children.filter(isFinished);
    const references = (of: readonly KubeObject[]): { name: string }[] =>
      of.map(({ metadata }) => ({ name: metadata.name }));
    const next = withCondition(node, 'Accomplished', finished.length >= wanted.length ? 'True' : 'False', '');
    this.#write({
      ...next,
      status: {
        ...next.status,
        activeChildren: references(children.filter((one) => !isFinished(one))),
        finishedChildren: references(finished),
      },
    });
  }

  #chaos(node: KubeObject, kind: string): void {
    const resource = resourceOf(kind);
    if (!resource) return;
    let [chaos] = controlledBy(this.#store, kind, node);
    if (isFinished(node)) {
      if (chaos && !chaos.metadata.deletionTimestamp) {
        this.#store.delete(resource, chaos.metadata.namespace, chaos.metadata.name);
        const message = `Chaos CR ${chaos.metadata.name} deleted`;
        this.#events.record(node, 'Normal', 'ChaosCRDeleted', message);
      }
    } else if (!chaos) {
      const labels = {
        [CONTROLLED_BY_LABEL]: node.metadata.name,
        [WORKFLOW_LABEL]: String(node.spec?.['workflowName']),
      };
      try {
        const spec = embeddedSpec(node.spec ?? {}, kind) ?? {};
        chaos = spawn(this.#store, kind, { object: node, labels }, { generateName: `${node.metadata.name}-` }, spec);
        this.#events.record(node, 'Normal', 'ChaosCRCreated', `Chaos CR ${chaos.metadata.name} created`);
      } catch {
        if (conditionsOf(node)['ChaosInjected'] !== 'False')
          this.#events.record(node, 'Warning', 'ChaosCRCreateFailed', 'Failed to create chaos CR');
      }
    }
    const next = withCondition(
      node,
      'ChaosInjected',
      chaos ? 'True' : 'False',
      chaos ? 'ChaosCRCreated' : 'ChaosCRNotExists',
    );
    const { chaosResource: _, ...status } = next.status ?? {};
    const reference = chaos && { apiGroup: resource.group, kind, name: chaos.metadata.name };
    this.#write({ ...next, status: { ...status, ...(reference ? { chaosResource: reference } : {}) } });
  }

  #workflowOf({ metadata, spec }: KubeObject): KubeObject | undefined {
    const resource = resourceOf(WORKFLOW);
    return resource && this.#store.find(resource, metadata.namespace, String(spec?.['workflowName']));
  }

  /** A node for a template, below a node or the workflow itself; undefined where the workflow has no such template. */
  #render(workflow: KubeObject, parent: KubeObject, name: string): KubeObject | undefined {
    const template = (workflow.spec?.['templates'] as Template[]).find((one) => one.name === name);
    if (!template) return undefined;
    const now = this.#clock.now();
    const lasts = template.deadline === undefined ? undefined : parseDuration(template.deadline);
    const key = embeddedKey(template.templateType);
    const labels = { [CONTROLLED_BY_LABEL]: parent.metadata.name, [WORKFLOW_LABEL]: workflow.metadata.name };
    return spawn(
      this.#store,
      WORKFLOW_NODE,
      { object: parent, labels },
      { generateName: `${template.name}-`, finalizers: [FOREGROUND] },
      {
        templateName: template.name,
        workflowName: workflow.metadata.name,
        type: template.templateType,
        startTime: timestamp(now),
        ...(lasts === undefined ? {} : { deadline: timestamp(now + lasts) }),
        ...(template.children ? { children: template.children } : {}),
        ...(template[key] === undefined ? {} : { [key]: template[key] }),
      },
    );
  }

  #write(object: KubeObject): KubeObject {
    const resource = resourceOf(object.kind);
    return resource ? this.#store.update(resource, object) : object;
  }
}
