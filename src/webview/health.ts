import type { PanelHealth } from '../shared/protocol';

type Problem = Extract<PanelHealth, { message: string }>;

/** True if the banner says what is wrong; nothing else on the page says it. */
export const hasProblem = (health: PanelHealth): health is Problem =>
  health.state === 'failed' || health.state === 'stale' || health.state === 'empty';
