import { applyYaml, dryRunYaml, stopYaml } from './yaml/applyYaml';
import { selectCluster, startDemoCluster, stopDemoCluster } from './cluster/cluster';
import { showConnection } from './cluster/connection';
import type { Command } from './context';
import { emergencyStop } from './experiments/emergencyStop';
import { extendExperiment } from './experiments/extend';
import { forceCleanExperiment } from './experiments/forceClean';
import { clearHistory, exportHistory, rerunFromHistory, showHistoryEvents, showHistoryYaml } from './history/history';
import { injectAnomaly, injectType } from './inject/injectAnomaly';
import { pauseExperiment, resumeExperiment } from './experiments/lifecycle';
import { rerunExperiment } from './experiments/rerun';
import { showMissingPermissions } from './cluster/permissions';
import { chooseMetricsCluster } from './cluster/metricsCluster';
import { checkPrometheus, choosePrometheus } from './cluster/prometheusServer';
import { setPrometheusPassword, setPrometheusToken } from './cluster/prometheusCredentials';
import { copyRestApiToken, startRestApi, stopRestApi } from './cluster/restApi';
import { saveExperimentReport } from './experiments/saveReport';
import { showExperimentEvents } from './experiments/showEvents';
import { resumeSchedule, stopWorkflow, suspendSchedule } from './experiments/orchestration';
import { startScenario } from './scenarios/startScenario';
import { removeExperiment, stopAllAnomalies, stopExperiment } from './experiments/stop';
import { dismissScenario, stopScenario } from './scenarios/stopScenario';
import { newExperimentFromTemplate, saveExperimentAsYaml } from './yaml/templates';
import { restoreModel, trainModel } from './model/train';
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
