import type { DistDiagApi } from '../../types/index';

/** The API that `activate` returns; what answers it is loaded by the first call. */
export function exportedApi(
  load: () => Omit<DistDiagApi, 'version' | 'activationMs'>,
  activationMs: () => number,
): DistDiagApi {
  let loaded: ReturnType<typeof load> | undefined;
  // A failure to load rejects, as every other.
  const api = async (): Promise<ReturnType<typeof load>> => (loaded ??= load());
  return {
    version: 1,
    get activationMs() {
      return activationMs();
    },
    startAnomaly: async (request) => (await api()).startAnomaly(request),
    stopAllAnomalies: async (signal) => (await api()).stopAllAnomalies(signal),
    listExperiments: async () => (await api()).listExperiments(),
    getMetrics: async () => (await api()).getMetrics(),
    getAnomalyRanks: async () => (await api()).getAnomalyRanks(),
    diagnose: async () => (await api()).diagnose(),
  };
}
