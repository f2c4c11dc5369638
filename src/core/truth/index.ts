/** Entry of the bundle that judges the diagnosis by the truth and reports on it; loaded with the first session. */
export { gatherReport } from '../report/gatherReport';
export { TruthKeeper } from './keeper';
export { createPastDiagnosis } from './pastDiagnosis';
