import { RISKS } from './risks';
import { fault, parameter, type FaultDefinition } from './definition';

/** Faults of whole pods and containers. */
export const POD_FAULTS: readonly FaultDefinition[] = [
  fault({
    type: 'pod_kill',
    title: 'Pod kill',
    description: 'The pod is deleted once, as by kubectl: how the database fails over, and how fast it is whole again.',
    kind: 'PodChaos',
    parameters: [
      parameter('gracePeriod', 'Grace period', 'Time for a clean stop; 0 kills at once.', 'integer', 0, {
        unit: 's',
        min: 0,
        max: 3600,
      }),
    ],
    presets: [{ title: 'Mild: with 30 s for a clean stop', parameters: { gracePeriod: 30 } }],
    risk: RISKS.podKill,
    oneShot: true,
  }),
  fault({
    type: 'pod_failure',
    title: 'Pod failure',
    description: 'The pod is there but does nothing until the experiment ends.',
    kind: 'PodChaos',
    risk: RISKS.podFailure,
  }),
  fault({
    type: 'container_kill',
    title: 'Container kill',
    description: 'The database container is killed once; Kubernetes starts it again in the same pod.',
    kind: 'PodChaos',
    risk: RISKS.containerKill,
    oneShot: true,
    inContainer: true,
  }),
];
