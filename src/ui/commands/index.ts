import { applyYaml, dryRunYaml, stopYaml } from './applyYaml';
import { selectCluster, startDemoCluster, stopDemoCluster } from './cluster';
import { showConnection } from './connection';
import type { Command } from './context';
import { emergencyStop } from './emergencyStop';
import { extendExperiment } from './extend';
import { forceCleanExperiment } from './forceClean';
import { clearHistory, exportHistory, rerunFromHistory, showHistoryEvents, showHistoryYaml } from './history';
import { injectAnomaly, injectType } from './injectAnomaly';
import { pauseExperiment, resumeExperiment } from './lifecycle';
import { rerunExperiment } from './rerun';
import { showMissingPermissions } from './permissions';
import { chooseMetricsCluster } from './metricsCluster';
import { checkPrometheus, choosePrometheus } from './prometheusServer';
import { setPrometheusPassword, setPrometheusToken } from './prometheusCredentials';
import { copyRestApiToken, startRestApi, stopRestApi } from './restApi';
import { saveExperimentReport } from './saveReport';
import { showExperimentEvents } from './showEvents';
import { resumeSchedule, stopWorkflow, suspendSchedule } from './orchestration';
import { startScenario } from './startScenario';
import { removeExperiment, stopAllAnomalies, stopExperiment } from './stop';
import { dismissScenario, stopScenario } from './stopScenario';
import { newExperimentFromTemplate, saveExperimentAsYaml } from './templates';
import { restoreModel, trainModel } from './train';
import { diagnoseNow, openMetricsPanel, refreshExperiments, showExperimentYaml, showLog } from './views';

/** Every command that the extension contributes. */
export const COMMANDS: readonly Command[] = [
  injectAnomaly,
  injectType('injectCpuStress', 'cpu_stress'),
  injectType('injectMemoryStress', 'memory_stress'),
  injectType('injectNetworkDelay', 'network_delay'),
  injectType('injectDiskStress', 'disk_stress'),
  startScenario,
  stopScenario,
  dismissScenario,
  stopWorkflow,
  suspendSchedule,
  resumeSchedule,
  stopExperiment,
  removeExperiment,
  stopAllAnomalies,
  emergencyStop,
  forceCleanExperiment,
  pauseExperiment,
  resumeExperiment,
  rerunExperiment,
  extendExperiment,
  applyYaml,
  dryRunYaml,
  stopYaml,
  newExperimentFromTemplate,
  saveExperimentAsYaml,
  showExperimentYaml,
  showExperimentEvents,
  saveExperimentReport,
  rerunFromHistory,
  showHistoryYaml,
  showHistoryEvents,
  exportHistory,
  clearHistory,
  openMetricsPanel,
  diagnoseNow,
  trainModel,
  restoreModel,
  selectCluster,
  showConnection,
  showMissingPermissions,
  choosePrometheus,
  chooseMetricsCluster,
  checkPrometheus,
  setPrometheusToken,
  setPrometheusPassword,
  refreshExperiments,
  startRestApi,
  stopRestApi,
  copyRestApiToken,
  startDemoCluster,
  stopDemoCluster,
  showLog,
];
