import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer, request } from 'node:http';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { createInterface } from 'node:readline';
import { startDemo, whyNoDemo } from '../host/demoServer.mjs';
import { root } from '../host/node24.mjs';

const ENGINE = ['--engine', 'seekdb'];
/** The verdict of each test of `test/bed/resilience`, and how the program ends with it. */
const EXPECTED = { passed: 0, failed: 1, aborted: 3, inconclusive: 2 };
/** From the sample that broke a guard until everything of the scenario was deleted, milliseconds. */
const MOST_ABORT_MS = 5000;

/** One resilience test of each verdict on real databases, by the command line. For `inconclusive` Prometheus goes away. */
export async function resilienceOnBed() {
  const missing = whyNoDemo(ENGINE);
  if (missing) {
    console.log(`${missing} Skipped.`);
    return { skipped: Object.keys(EXPECTED).length };
  }
  const directory = mkdtempSync(path.join(tmpdir(), 'distdiag-resilience-'));
  const demo = await startDemo(ENGINE);
  const prometheus = await startGateway(demo.facts.prometheusUrl);
  const interrupted = () => demo.stop().then(() => process.exit(130));
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, interrupted);
  const count = { passed: 0, failed: 0 };
  try {
    console.log('Real databases run; gathering a baseline of 3 minutes …');
    await new Promise((resolve) => setTimeout(resolve, 180_000));
    for (const [verdict, code] of Object.entries(EXPECTED)) {
      const json = path.join(directory, `${verdict}.json`);
      const injecting = verdict === 'inconclusive' ? prometheus.stop : undefined;
      const given = await distdiag(demo.facts.kubeconfig, prometheus.url, verdict, json, injecting);
      const right = given === code && holds(verdict, JSON.parse(readFileSync(json, 'utf8')).tests[0]);
      console.log(`${verdict}: exit code ${given}, ${right ? 'as expected' : 'WRONG'}\n`);
      count[right ? 'passed' : 'failed'] += 1;
    }
    return count;
  } finally {
    for (const signal of ['SIGINT', 'SIGTERM']) process.off(signal, interrupted);
    prometheus.stop();
    await demo.stop();
    rmSync(directory, { recursive: true, force: true });
  }
}

/** Runs the test of a verdict; resolves with the exit code. Calls `injecting` when the faults are injected. */
async function distdiag(kubeconfig, prometheus, verdict, json, injecting) {
  const file = path.join(root, `test/bed/resilience/${verdict}.scenario.yaml`);
  const options = ['--kubeconfig', kubeconfig, '--prometheus', prometheus, '--json', json];
  const child = spawn(process.execPath, [path.join(root, 'dist/cli/distdiag.js'), 'run', file, ...options], {
    cwd: root,
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [code] = await Promise.all([
    new Promise((resolve, reject) => child.once('error', reject).once('exit', resolve)),
    (async () => {
      for await (const line of createInterface(child.stdout)) {
        console.log(line);
        if (line.includes('Injecting the faults')) injecting?.();
      }
    })(),
  ]);
  return code;
}

/** Whether a result is that verdict, and an abort came soon enough after the sample that broke the guard. */
function holds(verdict, test) {
  if (test.verdict !== verdict) return false;
  if (verdict !== 'aborted') return true;
  const tookMs = test.abort.endedAt - test.abort.brokenAt;
  console.log(`  everything ended ${tookMs} ms after the sample that broke the guard`);
  return tookMs <= MOST_ABORT_MS;
}

/** Hands requests on to Prometheus until it is stopped; then nothing answers at its address. */
function startGateway(target) {
  const server = createServer((incoming, answer) => {
    const { method, headers, url } = incoming;
    const onward = request(new URL(url, target), { method, headers }, (given) => {
      answer.writeHead(given.statusCode, given.headers);
      given.pipe(answer);
    });
    onward.once('error', () => answer.destroy());
    incoming.pipe(onward);
  });
  return new Promise((resolve) => {
    server.listen(0, '127.0.0.1', () =>
      resolve({
        url: `http://127.0.0.1:${server.address().port}`,
        stop: () => {
          server.close();
          server.closeAllConnections();
        },
      }),
    );
  });
}
