import * as vscode from 'vscode';
import { showError } from '../errors';
import { selectCluster, setPrometheusToken, startDemoCluster, stopDemoCluster } from './cluster';
import type { Command, CommandContext } from './context';
import { injectAnomaly, injectType } from './injectAnomaly';
import { pauseExperiment, rerunExperiment, resumeExperiment } from './lifecycle';
import { forceCleanExperiment, stopAllAnomalies, stopExperiment } from './stop';
import { restoreModel, trainModel } from './train';
import { diagnoseNow, openMetricsPanel, refreshExperiments, showExperimentYaml, showLog } from './views';

/** Every command that the extension contributes. */
export const COMMANDS: readonly Command[] = [
  injectAnomaly,
  injectType('injectCpuStress', 'cpu_stress'),
  injectType('injectMemoryStress', 'memory_stress'),
  injectType('injectNetworkDelay', 'network_delay'),
  injectType('injectDiskStress', 'disk_stress'),
  stopExperiment,
  stopAllAnomalies,
  forceCleanExperiment,
  pauseExperiment,
  resumeExperiment,
  rerunExperiment,
  showExperimentYaml,
  openMetricsPanel,
  diagnoseNow,
  trainModel,
  restoreModel,
  selectCluster,
  setPrometheusToken,
  refreshExperiments,
  startDemoCluster,
  stopDemoCluster,
  showLog,
];

/** Registers them all; what they throw is shown once. */
export function registerCommands(context: CommandContext): vscode.Disposable {
  return vscode.Disposable.from(
    ...COMMANDS.map(({ id, run }) =>
      vscode.commands.registerCommand(`distdiag.${id}`, async (...args: unknown[]) => {
        try {
          await run(context, ...args);
        } catch (error) {
          await showError(error, context.log);
        }
      }),
    ),
  );
}
