import { generateKeyPairSync, randomBytes } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { startReadyGuarded } from '../host/guarded.mjs';
import { freePort } from '../host/processes.mjs';

/** Who may come in: name → groups. What the others may do is given by RBAC; the first may do all. */
const USERS = { admin: 'system:masters', viewer: 'distdiag:viewers', stranger: 'distdiag:strangers' };

/**
 * The settings of one API server, kept in `directory` so that it can be started again with the same ones. It reaches
 * pods through the proxy on the socket `tunnel`, or itself where `hasNode`: then it takes privileged pods too.
 */
export async function prepareApiserver({ program, directory, etcdUrl, tunnel, hasNode = false }) {
  const port = await freePort();
  const write = (name, content) => {
    const file = path.join(directory, name);
    writeFileSync(file, content, { mode: 0o600 });
    return file;
  };
  const tokens = Object.fromEntries(Object.keys(USERS).map((user) => [user, randomBytes(24).toString('hex')]));
  const { publicKey, privateKey } = generateKeyPairSync('rsa', {
    modulusLength: 2048,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  });
  const certificates = path.join(directory, 'certificates');
  mkdirSync(certificates, { recursive: true, mode: 0o700 });
  const egress = {
    apiVersion: 'apiserver.k8s.io/v1beta1',
    kind: 'EgressSelectorConfiguration',
    egressSelections: [
      {
        name: 'cluster',
        connection: { proxyProtocol: 'HTTPConnect', transport: { uds: { udsName: tunnel } } },
      },
    ],
  };
  const list = Object.entries(USERS).map(([user, group]) => `${tokens[user]},${user},${user},"${group}"\n`);
  const args = [
    '--bind-address=127.0.0.1',
    `--secure-port=${port}`,
    '--advertise-address=127.0.0.1',
    // Nobody but the server itself signs its certificate; it is made here at the first start.
    `--cert-dir=${certificates}`,
    `--etcd-servers=${etcdUrl}`,
    `--token-auth-file=${write('tokens.csv', list.join(''))}`,
    '--authorization-mode=RBAC',
    '--service-account-issuer=https://kubernetes.default.svc',
    `--service-account-key-file=${write('service-accounts.pub', publicKey)}`,
    `--service-account-signing-key-file=${write('service-accounts.key', privateKey)}`,
    '--service-cluster-ip-range=10.96.0.0/16',
    // No controller makes service accounts here, and pods are wanted without them.
    '--disable-admission-plugins=ServiceAccount',
    '--endpoint-reconciler-type=none',
    ...(tunnel ? [`--egress-selector-config-file=${write('egress.yaml', JSON.stringify(egress))}`] : []),
    ...(hasNode ? ['--allow-privileged=true', '--kubelet-preferred-address-types=InternalIP'] : []),
    '--profiling=false',
  ];
  const url = `https://127.0.0.1:${port}`;
  const start = () =>
    startReadyGuarded(program, args, {}, (line) => (/Serving securely on/.test(line) ? true : undefined));
  const certificate = { cert: path.join(certificates, 'apiserver.crt'), key: path.join(certificates, 'apiserver.key') };
  return { url, tokens, start, certificate, authority: () => readFileSync(certificate.cert, 'utf8') };
}
