import { copyFileSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { startGuarded, startReadyGuarded } from '../host/guarded.mjs';
import { freePort } from '../host/processes.mjs';
import { startTunnel } from './tunnel.mjs';

/**
 * Chaos Mesh's own controller manager, with a stand-in for the daemon that does what it decides: for the tests that
 * start it; the others have the embedded cluster's. `start` resolves with the daemon's port.
 */
export function prepareChaosMesh({ programs, kubeconfig, certificate }) {
  let running = [];
  let daemon;
  let directory;
  const stop = async () => {
    for (const one of running.splice(0).reverse()) await one.stop();
    if (directory) rmSync(directory, { recursive: true, force: true });
  };
  const start = async () => {
    await stop();
    directory = mkdtempSync(path.join(tmpdir(), 'distdiag-chaos-mesh-'));
    // It serves its admission webhooks too, which nobody asks here, and will not start without a certificate.
    copyFileSync(certificate.cert, path.join(directory, 'tls.crt'));
    copyFileSync(certificate.key, path.join(directory, 'tls.key'));
    try {
      daemon = startGuarded(programs.daemon, [], {}, (line) => (line.startsWith('{') ? JSON.parse(line) : undefined));
      running.push(daemon);
      const { port } = await daemon.ready;
      // A daemon's address may not be one of loopback: it is gone to through a proxy that finds it there.
      const tunnel = await startTunnel(0);
      running.push(tunnel);
      const controller = await startController({
        program: programs.controller,
        kubeconfig,
        certificates: directory,
        daemonPort: port,
        env: { HTTPS_PROXY: `http://127.0.0.1:${tunnel.port}`, NO_PROXY: '127.0.0.1' },
      });
      running.push(controller);
      return port;
    } catch (error) {
      await stop();
      throw error;
    }
  };
  /** What the daemon was asked since the start, as `{method, request}`. */
  const calls = () =>
    daemon
      .output()
      .split('\n')
      .filter((line) => line.startsWith('{"method"'))
      .map((line) => JSON.parse(line));
  return { start, stop, calls };
}

/**
 * Starts Chaos Mesh's own controller manager on loopback, which looks for daemons at this port of the addresses of the
 * service `chaos-daemon`, and serves its webhooks with `tls.crt` and `tls.key` of `certificates`. Ready when it works.
 */
export async function startController({ program, kubeconfig, certificates, daemonPort, webhookPort, env = {} }) {
  return startReadyGuarded(
    program,
    [],
    {
      env: {
        ...process.env,
        ...env,
        KUBECONFIG: kubeconfig,
        NAMESPACE: 'chaos-mesh',
        CHAOS_DAEMON_SERVICE_PORT: String(daemonPort),
        CERTS_DIR: certificates,
        ENABLE_LEADER_ELECTION: 'false',
        SECURITY_MODE: 'false',
        WEBHOOK_HOST: '127.0.0.1',
        WEBHOOK_PORT: String(webhookPort ?? (await freePort())),
        METRICS_HOST: '127.0.0.1',
        METRICS_PORT: String(await freePort()),
      },
    },
    (line) => (/Starting workers.*stresschaos/.test(line) ? true : undefined),
  );
}
