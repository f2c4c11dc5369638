import path from 'node:path';
import { startDemo, whyNoDemo } from '../host/demoServer.mjs';
import { runGuarded } from '../host/guarded.mjs';
import { root } from '../host/node24.mjs';

const ENGINE = ['--engine', 'seekdb'];
/** Seconds: in real time, a tour of which nothing goes right should not take half an hour. */
const LIMITS = ['--see', '120', '--heal', '120'];

/** The tour on real databases: each anomaly injected, seen in their counters, named, and gone. */
export async function tourOnBed() {
  const missing = whyNoDemo(ENGINE);
  if (missing) {
    console.log(`${missing} Skipped.`);
    return { skipped: 1 };
  }
  const demo = await startDemo(ENGINE);
  // Interrupted, the databases go too.
  const interrupted = () => demo.stop().then(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, interrupted);
  try {
    const minutes = Number(process.env.DISTDIAG_REAL_BASELINE_MINUTES ?? 2);
    console.log(`Real databases run; gathering a baseline of ${minutes} minutes …`);
    await new Promise((resolve) => setTimeout(resolve, minutes * 60_000));
    const { kubeconfig, prometheusUrl } = demo.facts;
    const tour = path.join(root, 'dist/cli/tour.js');
    const args = ['--no-deprecation', tour, '--kubeconfig', kubeconfig, '--prometheus', prometheusUrl, ...LIMITS];
    const code = await runGuarded(process.execPath, args, { cwd: root });
    return code === 0 ? { passed: 1 } : { failed: 1 };
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, interrupted);
    await demo.stop();
  }
}
