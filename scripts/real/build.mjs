import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, readdirSync, renameSync, rmSync } from 'node:fs';
import { homedir } from 'node:os';
import path from 'node:path';
import { runGuarded } from '../host/guarded.mjs';
import { withLock } from '../host/lock.mjs';
import { root } from '../host/node24.mjs';
import { has } from '../host/packages.mjs';

export const cacheDirectory = path.join(process.env.XDG_CACHE_HOME || path.join(homedir(), '.cache'), 'distdiag');
const MINIMUM_GO = [1, 26];

/** Why real servers cannot be compiled here, in one line; undefined when they can. */
export function whyNoGo() {
  if (!has('go')) return 'Go is not on this machine';
  const version = execFileSync('go', ['env', 'GOVERSION'], { env: goEnvironment() }).toString().trim();
  const [major, minor] = version.replace(/^go/, '').split('.').map(Number);
  const [wantedMajor, wantedMinor] = MINIMUM_GO;
  const enough = major > wantedMajor || (major === wantedMajor && minor >= wantedMinor);
  return enough ? undefined : `Go ${MINIMUM_GO.join('.')} is needed, here is ${version}`;
}

/** The real kube-apiserver of the version that test/real/apiserver/go.mod pins. */
export const buildApiserver = () => buildKubernetes('kube-apiserver');

/** The kubelet of the same version. */
export const buildKubelet = () => buildKubernetes('kubelet');

/** The sources of the same version, in Go's module cache. */
export const kubernetesSources = () => moduleFolder(path.join(root, 'test/real/apiserver'), 'k8s.io/kubernetes');

/** Where Go keeps the sources of a module that a folder pins. */
export function moduleFolder(folder, name) {
  const options = { cwd: folder, env: goEnvironment() };
  return JSON.parse(execFileSync('go', ['mod', 'download', '-json', name], options).toString()).Dir;
}

function buildKubernetes(command) {
  const folder = path.join(root, 'test/real/apiserver');
  const [, version, minor] = /k8s\.io\/kubernetes (v1\.(\d+)\.\d+)/.exec(read(folder, 'go.mod')) ?? [];
  const stamp = (name, value) => `-X k8s.io/component-base/version.${name}=${value}`;
  return build({
    name: `${command}-${version}`,
    folder,
    target: `k8s.io/kubernetes/cmd/${command}`,
    // What the release's own build writes in: `/version` tells it, and clients decide by it.
    stamps: [stamp('gitVersion', version), stamp('gitMajor', 1), stamp('gitMinor', minor)],
  });
}

/** An etcd that this API server can use to the full, from the same pinned module. */
export function buildEtcd() {
  const folder = path.join(root, 'test/real/apiserver');
  const [, version] = /go\.etcd\.io\/etcd\/server\/v3 (v3\.\d+\.\d+)/.exec(read(folder, 'go.mod')) ?? [];
  return build({ name: `etcd-${version}`, folder, target: './etcd', stamps: [] });
}

/** The admission webhooks of Chaos Mesh's own API module. */
export const buildWebhooks = () => buildOwn('chaos-mesh-webhooks', 'test/real/webhooks');

/** What tells how kubectl reads files. */
export const buildYamlReader = () => buildOwn('kubectl-yaml', 'test/real/yaml');

/** A program of Chaos Mesh's own, of the version that test/real/controller/go.mod pins. */
const buildOfChaosMesh = (command, options = {}) => {
  const { folder, version } = chaosMeshModule();
  const target = `github.com/chaos-mesh/chaos-mesh/cmd/${command}`;
  return build({ name: `${command}-${version}`, folder, target, stamps: [], tags: PLAIN_TAGS, ...options });
};

/** Where Chaos Mesh is pinned, and in which version. */
export function chaosMeshModule() {
  const folder = path.join(root, 'test/real/controller');
  const [, version] = /github\.com\/chaos-mesh\/chaos-mesh (v\S+)/.exec(read(folder, 'go.mod')) ?? [];
  return { folder, version };
}

/** Names and users are looked up without C, with it and without: what is compiled is shared by all of Chaos Mesh. */
const PLAIN_TAGS = ['netgo', 'osusergo'];

/** Chaos Mesh's own daemon and its helper, from `sources`: the daemon alone needs C, and what C makes of its clock. */
export async function buildRealDaemon(sources) {
  const options = { args: [`-modfile=${sources.modfile}`] };
  return {
    daemon: await buildOfChaosMesh('chaos-daemon', { ...options, cgo: true }),
    helper: await buildOfChaosMesh('chaos-daemon-helper', options),
  };
}

/** What stands in for the daemon that it asks for each fault, from the same pinned module. */
function buildDaemon() {
  const folder = path.join(root, 'test/real/controller');
  const hash = createHash('sha256').update(read(folder, 'go.sum')).update(read(folder, 'daemon/main.go'));
  const name = `chaos-daemon-stand-in-${hash.digest('hex').slice(0, 12)}`;
  return build({ name, folder, target: './daemon', stamps: [], tags: PLAIN_TAGS });
}

/** The helper of the bed of real databases. */
export const buildBedHelper = () => buildOwn('bed', 'test/bed/node');

/** What stands in for the tool by which Chaos Mesh's daemon delays files. */
export const buildToda = () => buildOwn('toda', 'test/real/node/toda');

/** A program of the project's own, by its sources. */
function buildOwn(name, at) {
  const folder = path.join(root, at);
  const hash = createHash('sha256');
  for (const file of readdirSync(folder).sort()) hash.update(read(folder, file));
  return build({ name: `${name}-${hash.digest('hex').slice(0, 12)}`, folder, target: '.', stamps: [] });
}

/** A current Prometheus, of the version that test/real/prometheus/go.mod pins, without web pages and service discovery. */
export function buildPrometheus() {
  const folder = path.join(root, 'test/real/prometheus');
  // The module's 0.316 is the server's 3.16.
  const [, major, minor, patch] = /prometheus\/prometheus v0\.(\d)(\d\d)\.(\d+)/.exec(read(folder, 'go.mod')) ?? [];
  const version = `${major}.${Number(minor)}.${patch}`;
  const target = 'github.com/prometheus/prometheus/cmd/prometheus';
  const stamps = [`-X github.com/prometheus/common/version.Version=${version}`];
  return build({ name: `prometheus-${version}`, folder, target, stamps, tags: ['remove_all_sd'] });
}

/** A current VictoriaMetrics, of the version that test/real/victoriametrics/go.mod pins. */
export function buildVictoriaMetrics() {
  const folder = path.join(root, 'test/real/victoriametrics');
  const [, version] = /VictoriaMetrics\/VictoriaMetrics (v\d+\.\d+\.\d+)/.exec(read(folder, 'go.mod')) ?? [];
  const module = 'github.com/VictoriaMetrics/VictoriaMetrics';
  const name = `victoria-metrics-${version}`;
  const stamps = [`-X ${module}/lib/buildinfo.Version=${name}`];
  return build({ name, folder, target: `${module}/app/victoria-metrics`, stamps });
}

/** Compiling for longer than this, a first run leaves to the next one what the other tests can do without. */
const MOST_COMPILING_S = 1500;
let compiledSeconds = 0;

/** True, with a line that says so, where this run has compiled long enough. */
export function leaveToNextRun(what) {
  if (compiledSeconds <= MOST_COMPILING_S) return false;
  console.log(`${what} are left to the next run: this one has compiled for too long. Skipped.`);
  return true;
}

/** Chaos Mesh's controller manager and the daemon's stand-in; undefined where this run has compiled long enough. */
export async function buildChaosMesh() {
  if (leaveToNextRun("Chaos Mesh's own controller and the faults before the real server")) return undefined;
  return { controller: await buildOfChaosMesh('chaos-controller-manager'), daemon: await buildDaemon() };
}

/** Compiles once for this user; returns the program's path. Who waits for another who compiles it has compiled as long. */
async function build(what) {
  const program = path.join(cacheDirectory, what.name);
  if (existsSync(program)) return program;
  const started = Date.now();
  const waiting = `> waiting for another run that compiles ${what.name}`;
  await withLock(`${program}.lock`, waiting, async () => {
    if (!existsSync(program)) await compile(program, what);
  });
  compiledSeconds += (Date.now() - started) / 1000;
  return program;
}

async function compile(program, { name, folder, target, stamps, tags = [], args: more = [], cgo = false }) {
  const started = Date.now();
  console.log(`> go build ${target} into ${program} (once; minutes where nothing is cached)`);
  // Under a name of its own until it is whole: two runs at the same time do not meet.
  const unfinished = `${program}.${process.pid}`;
  const args = [
    'build',
    '-trimpath',
    // Nobody debugs these programs: without the tables for it they compile faster and are half the size.
    '-gcflags=all=-dwarf=false',
    `-ldflags=${['-s', '-w', ...stamps].join(' ')}`,
    `-tags=${['providerless', 'selinux_none', ...tags].join(',')}`,
    ...more,
    '-o',
    unfinished,
    target,
  ];
  const code = await runGuarded('nice', ['-n', '10', 'go', ...args], { cwd: folder, env: goEnvironment(cgo) });
  if (code !== 0) {
    rmSync(unfinished, { force: true });
    throw new Error(`${name} could not be compiled (exit code ${code})`);
  }
  renameSync(unfinished, program);
  console.log(`${name} compiled in ${Math.round((Date.now() - started) / 1000)} s`);
}

/** Pinned modules only, this machine's own compiler, and no C unless it must be. */
function goEnvironment(cgo = false) {
  const flags = [process.env.GOFLAGS ?? '', '-mod=readonly', '-buildvcs=false'].join(' ').trim();
  return { ...process.env, GOFLAGS: flags, GOTOOLCHAIN: 'local', CGO_ENABLED: cgo ? '1' : '0' };
}

function read(folder, file) {
  return readFileSync(path.join(folder, file), 'utf8');
}
