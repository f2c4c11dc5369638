// Chaos Mesh's own CRDs (Apache-2.0, without their prose), as its release v2.8 installs them.
import awschaos from './crds/awschaos.crd.json';
import azurechaos from './crds/azurechaos.crd.json';
import blockchaos from './crds/blockchaos.crd.json';
import dnschaos from './crds/dnschaos.crd.json';
import gcpchaos from './crds/gcpchaos.crd.json';
import httpchaos from './crds/httpchaos.crd.json';
import iochaos from './crds/iochaos.crd.json';
import jvmchaos from './crds/jvmchaos.crd.json';
import kernelchaos from './crds/kernelchaos.crd.json';
import networkchaos from './crds/networkchaos.crd.json';
import physicalmachinechaos from './crds/physicalmachinechaos.crd.json';
import physicalmachines from './crds/physicalmachines.crd.json';
import podchaos from './crds/podchaos.crd.json';
import podhttpchaos from './crds/podhttpchaos.crd.json';
import podiochaos from './crds/podiochaos.crd.json';
import podnetworkchaos from './crds/podnetworkchaos.crd.json';
import remoteclusters from './crds/remoteclusters.crd.json';
import schedules from './crds/schedules.crd.json';
import statuschecks from './crds/statuschecks.crd.json';
import stresschaos from './crds/stresschaos.crd.json';
import timechaos from './crds/timechaos.crd.json';
import workflows from './crds/workflows.crd.json';
import { workflowNodeCrd } from './workflowNodeCrd';

/** What is read of a CustomResourceDefinition. */
export interface Crd {
  apiVersion: string;
  kind: string;
  metadata: { name: string; annotations?: Record<string, string> };
  spec: {
    group: string;
    scope: string;
    names: { kind: string; listKind: string; plural: string; singular: string; shortNames?: string[] };
    versions: {
      name: string;
      served: boolean;
      storage: boolean;
      schema: { openAPIV3Schema: Record<string, unknown> };
      additionalPrinterColumns?: { name: string; type: string; jsonPath: string }[];
    }[];
  };
}

/** All of Chaos Mesh's kinds. */
export const CHAOS_CRDS: readonly Crd[] = [
  awschaos,
  azurechaos,
  blockchaos,
  dnschaos,
  gcpchaos,
  httpchaos,
  iochaos,
  jvmchaos,
  kernelchaos,
  networkchaos,
  physicalmachinechaos,
  physicalmachines,
  podchaos,
  podhttpchaos,
  podiochaos,
  podnetworkchaos,
  remoteclusters,
  schedules,
  statuschecks,
  stresschaos,
  timechaos,
  workflows,
  workflowNodeCrd(workflows as unknown as Crd),
] as unknown as Crd[];
