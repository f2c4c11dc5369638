import type { PanelHealth } from '../shared/protocol';

type Problem = Extract<PanelHealth, { message: string }>;

/** True where the banner tells what is wrong: it is told nowhere else on the page. */
export const hasProblem = (health: PanelHealth): health is Problem =>
  health.state === 'failed' || health.state === 'stale' || health.state === 'empty';
