/** Entry of the bundle that judges the diagnosis by the truth; loaded with the first session. */
export { TruthKeeper } from './keeper';
export { createPastDiagnosis } from './pastDiagnosis';
