import { createHash } from 'node:crypto';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { connect, readContexts } from '../../src/adapters/kubernetes/index';
import { recordingFolder } from '../../src/adapters/storage/recordings';
import { readModelFiles } from '../../src/adapters/tensorflow/modelFile';
import { inputWidth } from '../../src/core/diagnosis/inputs';
import { exportHistory } from '../../src/core/history/export';
import { compareRuns } from '../../src/core/resilience/runs/compareRuns';
import { readTestRuns, writeTestRuns } from '../../src/core/resilience/runs/testRunFormat';
import { coverageOf } from '../../src/core/testCoverage/coverage';
import { readResults, writeResults } from '../../src/core/testResults/resultsFile';
import { readHistory, writeHistory } from '../../src/core/history/format';
import { parseRecording } from '../../src/core/learning/recordingParse';
import { metricsOf, quietStretches, anomalousStretches } from '../../src/core/learning/runStretches';
import { silentLog } from '../support';
import { EXPERIMENT } from './examples';
import { jsonText, like, nearly, textLike } from './inputs';
import { target, type FuzzTarget } from './run';

const KUBECONFIG = {
  apiVersion: 'v1',
  kind: 'Config',
  'current-context': 'test',
  clusters: [
    {
      name: 'test',
      cluster: { server: 'https://127.0.0.1:6443', 'certificate-authority-data': 'Y2E=', 'proxy-url': 'http://p:1' },
    },
  ],
  users: [
    {
      name: 'test',
      user: { token: 't', exec: { command: './get-token', args: ['a'], env: [{ name: 'A', value: 'b' }] } },
    },
  ],
  contexts: [{ name: 'test', context: { cluster: 'test', user: 'test', namespace: 'db' } }],
};
const PLAIN = { ...KUBECONFIG, users: [{ name: 'test', user: { tokenFile: 'token', username: 'u', password: 'p' } }] };

const metrics = ['cpu.used', 'memory.used'];
const width = inputWidth({ metrics });
const MANIFEST = {
  format: 'distdiag-detector/3',
  name: 'n',
  version: '1',
  layout: { metrics, mean: new Array<number>(width).fill(0), scale: new Array<number>(width).fill(1) },
  types: ['cpu_stress'],
  thresholds: [0.5],
  levels: [{ 'cpu.used': [0, 1] }],
};
const MODEL = {
  modelTopology: {
    class_name: 'Sequential',
    config: { layers: [{ class_name: 'Dense', config: { batch_input_shape: [null, width], units: 1 } }] },
  },
  weightsManifest: [{ weights: [{ name: 'w', shape: [width, 1], dtype: 'float32' }] }],
};

const RUN = {
  id: 'ob-1',
  types: ['cpu_stress'],
  rows: 6,
  abnormal: [2, 5],
  metrics: { 'cpu.used': [1, 2, null, 4, 5, 6] },
};
const RECORDING = {
  format: 'distdiag-recording/1',
  id: 'r',
  fromMs: 0,
  stepMs: 15_000,
  types: ['cpu_stress'],
  runs: [RUN],
};

const HISTORY = {
  version: 1,
  clearedAt: 5,
  entries: [
    {
      where: 'c s',
      context: 'c',
      object: EXPERIMENT,
      end: 'recovered',
      endedAt: 9,
      lastSeenAt: 9,
      reason: 'x',
      injected: 1,
      total: 1,
    },
  ],
};

const TEST_RUNS = {
  version: 1,
  clearedAt: 5,
  runs: [
    {
      id: '1-x',
      where: 'c s',
      context: 'c',
      scenario: 'busy',
      verdict: 'passed',
      phases: { before: { fromMs: 6, toMs: 7 }, faultFromMs: 8, faultToMs: 9, endMs: 10 },
      steps: [{ fault: 'cpu_stress', pods: ['n0'], parameters: { workers: 1 }, leader: 'n0' }],
      outcomes: [{ name: 'o', state: 'passed', expected: 'e', seen: 's', worst: 1, recoveryMs: 2 }],
      imported: { from: 'a.json', at: 11 },
    },
  ],
};

/** A recording as training uses it. */
function useRecording(input: unknown): void {
  for (const run of parseRecording(input)?.runs ?? [])
    for (const stretch of [...anomalousStretches(run, 3), ...quietStretches(run, 3)]) metricsOf(stretch);
}

/** Readers of files, with files in a folder that is gone when the process ends. */
export function fileTargets(): FuzzTarget[] {
  const folder = mkdtempSync(path.join(tmpdir(), 'distdiag-fuzz-'));
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }));
  const put = (name: string, content: string | Buffer): string => {
    const file = path.join(folder, name);
    writeFileSync(file, content);
    return file;
  };
  const sum = (text: string | Buffer): string => createHash('sha256').update(text).digest('hex');
  return [
    target(
      'kubeconfig',
      fc.oneof(
        like(KUBECONFIG, PLAIN).map((one) => JSON.stringify(one) ?? ''),
        textLike(JSON.stringify(PLAIN), 'a: &a [*a, *a]\nclusters: *a\n'),
      ),
      async (text) => {
        const kubeconfigPath = put('kubeconfig', text);
        readContexts(kubeconfigPath);
        for (const trusted of [false, true]) (await connect({ kubeconfigPath, trusted, log: silentLog })).dispose();
      },
    ),
    target(
      'modelFolder',
      fc.tuple(like(MANIFEST), nearly(MODEL), fc.constantFrom(width * 4, width * 4, 0, 3), fc.boolean()),
      async ([manifest, model, bytes, sound]) => {
        const topology = JSON.stringify(model) ?? '';
        const weights = Buffer.alloc(bytes);
        put('model.json', topology);
        put('weights.bin', weights);
        const sums = sound ? { sha256: { model: sum(topology), weights: sum(weights) } } : {};
        put(
          'manifest.json',
          JSON.stringify(
            typeof manifest === 'object' && manifest !== null && !Array.isArray(manifest)
              ? { ...manifest, ...sums }
              : manifest,
          ) ?? '',
        );
        await readModelFiles(folder);
      },
    ),
    target('modelText', jsonText(MANIFEST), async (text) => {
      put('manifest.json', text);
      put('model.json', text);
      put('weights.bin', text);
      await readModelFiles(folder);
    }),
    target('historyFile', jsonText(HISTORY), (text) => {
      const { items: entries, clearedAt } = readHistory(text);
      for (const format of ['json', 'csv', 'md'] as const) exportHistory(entries, format);
      const again = readHistory(writeHistory(entries, clearedAt));
      if (again.items.length !== entries.length) throw new Error('what it writes it does not read');
    }),
    target('testRunFile', jsonText(TEST_RUNS), (text) => {
      const { items: runs, clearedAt } = readTestRuns(text);
      coverageOf({ entries: [], runs, nodes: [{ pod: 'n0', zone: undefined }] });
      for (const run of runs) compareRuns(run, runs[0] as (typeof runs)[number]);
      const again = readTestRuns(writeTestRuns(runs, clearedAt));
      if (again.items.length !== runs.length) throw new Error('what it writes it does not read');
    }),
    target('testResultsFile', jsonText({ version: 1, tests: TEST_RUNS.runs.map((run) => ({ run })) }), (text) => {
      const { runs } = readResults(text);
      const again = readResults(writeResults(runs.map((run) => ({ run }))));
      if (again.runs.length !== runs.length) throw new Error('what it writes it does not read');
    }),
    target('recording', like(RECORDING), useRecording),
    target('recordingFile', jsonText(RECORDING), async (text) => {
      const packed = gzipSync(text);
      put('one.json.gz', text.length % 7 === 0 ? packed.subarray(0, packed.length >> 1) : packed);
      for (const one of await recordingFolder(folder).all()) useRecording(one);
    }),
  ];
}
