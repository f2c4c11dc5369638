import { RISKS } from './risks';
import { fault, parameter, type FaultDefinition } from './definition';

/** Faults of whole pods and containers. */
export const POD_FAULTS: readonly FaultDefinition[] = [
  fault({
    type: 'pod_kill',
    title: 'Pod kill',
    description: 'Deletes the pod once, as kubectl does: shows how the database fails over and recovers.',
    kind: 'PodChaos',
    parameters: [
      parameter('gracePeriod', 'Grace period', 'Time for a clean shutdown; 0 kills immediately.', 'integer', 0, {
        unit: 's',
        min: 0,
        max: 3600,
      }),
    ],
    presets: [{ title: 'Mild: 30 s for a clean shutdown', parameters: { gracePeriod: 30 } }],
    risk: RISKS.podKill,
    oneShot: true,
  }),
  fault({
    type: 'pod_failure',
    title: 'Pod failure',
    description: 'The pod is unavailable until the experiment ends.',
    kind: 'PodChaos',
    risk: RISKS.podFailure,
  }),
  fault({
    type: 'container_kill',
    title: 'Container kill',
    description: 'Kills the database container once; Kubernetes restarts it in the same pod.',
    kind: 'PodChaos',
    risk: RISKS.containerKill,
    oneShot: true,
    inContainer: true,
  }),
];
