import * as vscode from 'vscode';
import { toAppError } from '../../core/errors';
import { showError } from '../errors';
import { selectCluster, startDemoCluster, stopDemoCluster } from './cluster';
import { showConnection } from './connection';
import type { Command, CommandContext } from './context';
import { emergencyStop } from './emergencyStop';
import { extendExperiment } from './extend';
import { forceCleanExperiment } from './forceClean';
import { injectAnomaly, injectType } from './injectAnomaly';
import { pauseExperiment, rerunExperiment, resumeExperiment } from './lifecycle';
import { showMissingPermissions } from './permissions';
import { checkPrometheus, choosePrometheus } from './prometheusServer';
import { setPrometheusPassword, setPrometheusToken } from './prometheusCredentials';
import { showExperimentEvents } from './showEvents';
import { stopAllAnomalies, stopExperiment } from './stop';
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
  emergencyStop,
  forceCleanExperiment,
  pauseExperiment,
  resumeExperiment,
  rerunExperiment,
  extendExperiment,
  showExperimentYaml,
  showExperimentEvents,
  openMetricsPanel,
  diagnoseNow,
  trainModel,
  restoreModel,
  selectCluster,
  showConnection,
  showMissingPermissions,
  choosePrometheus,
  checkPrometheus,
  setPrometheusToken,
  setPrometheusPassword,
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
          await showError(error, context.log, ...waysOut(error, context));
        }
      }),
    ),
  );
}

/** What was refused leads to the role to ask for; what was known of permissions no longer holds. */
function waysOut(error: unknown, { sessions }: CommandContext): { title: string; run: () => void }[] {
  if (toAppError(error).code !== 'forbidden') return [];
  sessions.current().then(
    ({ access }) => access.forget(),
    () => undefined,
  );
  const run = (): void => void vscode.commands.executeCommand('distdiag.showMissingPermissions');
  return [{ title: vscode.l10n.t('Show Missing Permissions'), run }];
}
