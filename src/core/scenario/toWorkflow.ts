import { formatDuration } from '../time/duration';
import { randomText } from '../base/randomText';
import type { ChaosObject } from '../experiments/experiment';
import {
  CHAOS_API_VERSION,
  CREATED_BY_ANNOTATION,
  MANAGED_BY,
  MANAGED_BY_LABEL,
  SCENARIO_ANNOTATION,
} from '../experiments/labels';
import { toManifest } from '../injection/manifest';
import type { PlannedStep, ScenarioPlan } from './planScenario';
import { embeddedKey, WORKFLOW } from '../workflows/embedded';

/** After its last step a workflow has this long to take it back before its own deadline, milliseconds. */
const SLACK_MS = 30_000;
/** What happens once has no end that a workflow would see: its step is over after this time, milliseconds. */
const ONCE_MS = 30_000;

const lastingMs = ({ durationMs }: PlannedStep): number => durationMs || ONCE_MS;

/**
 * A scenario as a Chaos Mesh Workflow: all steps side by side, those with an offset after a suspension of that length. A
 * template has a deadline where an experiment has a duration: a workflow refuses the latter.
 */
export function toWorkflow(plan: ScenarioPlan): ChaosObject {
  const children: string[] = [];
  const templates = plan.steps.flatMap((step) => {
    const name = `s${step.index + 1}-${slug(step.name)}`;
    const chaos = chaosTemplate(step, name);
    children.push(step.offsetMs > 0 ? `${name}-later` : name);
    if (step.offsetMs === 0) return [chaos];
    const deadline = formatDuration(step.offsetMs + lastingMs(step) + SLACK_MS);
    return [
      { name: `${name}-later`, templateType: 'Serial', deadline, children: [`${name}-wait`, name] },
      { name: `${name}-wait`, templateType: 'Suspend', deadline: formatDuration(step.offsetMs) },
      chaos,
    ];
  });
  const [first] = plan.steps;
  const totalMs = Math.max(0, ...plan.steps.map((step) => step.offsetMs + lastingMs(step)));
  return {
    apiVersion: CHAOS_API_VERSION,
    kind: WORKFLOW,
    metadata: {
      name: `${slug(plan.scenario.name)}-${randomText(5, Math.random)}`,
      namespace: first?.injection.chaosNamespace ?? '',
      labels: { [MANAGED_BY_LABEL]: MANAGED_BY },
      annotations: {
        [CREATED_BY_ANNOTATION]: first?.injection.createdBy ?? '',
        [SCENARIO_ANNOTATION]: plan.scenario.name,
      },
    },
    spec: {
      entry: 'entry',
      templates: [
        { name: 'entry', templateType: 'Parallel', deadline: formatDuration(totalMs + 2 * SLACK_MS), children },
        ...templates,
      ],
    },
  };
}

function chaosTemplate(step: PlannedStep, name: string): Record<string, unknown> {
  const { kind, spec } = toManifest(step.injection);
  const { duration: _, ...own } = spec;
  return { name, templateType: kind, deadline: formatDuration(lastingMs(step)), [embeddedKey(kind)]: own };
}

/** A part of a DNS name: what is none of it becomes a dash. */
function slug(text: string): string {
  const plain = text
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, '-')
    .slice(0, 40)
    .replace(/^-+|-+$/g, '');
  return plain || 'scenario';
}
