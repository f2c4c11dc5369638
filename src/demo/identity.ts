import { chmodSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import type { Certificates } from './kubernetes/certificates';

/** What makes a cluster the same one to those who have its kubeconfig. */
export interface Identity {
  certificates: Certificates;
  token: string;
  kubernetesPort: number;
  prometheusPort: number;
}

const fileOf = (directory: string): string => path.join(directory, 'identity.json');

/** Keeps it beside the kubeconfig, readable for the owner only: the one that is started after a crash takes it over. */
export function writeIdentity(directory: string, identity: Identity): void {
  writeFileSync(fileOf(directory), JSON.stringify(identity), { mode: 0o600 });
  chmodSync(fileOf(directory), 0o600); // the mode above holds for a new file only
}

/** That of the cluster which ended here; throws where there is none. */
export function readIdentity(directory: string): Identity {
  return JSON.parse(readFileSync(fileOf(directory), 'utf8')) as Identity;
}
