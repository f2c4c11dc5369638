import { readJson, checkOrigin, checkToken, HttpRefusal } from '../../src/adapters/rest/requests';
import { AppError } from '../../src/core/base/errors';
import { scenarioLanguage } from '../../src/adapters/scenario/index';
import { createLanguage } from '../../src/adapters/language/index';
import { parseAnomalyRequest, targetsOf } from '../../src/core/injection/anomalyRequest';
import { objectFindings } from '../../src/core/chaosYaml/objectRules';
import { durationError, floatError, integerError, sizeError, unsignedError } from '../../src/core/chaosYaml/goFormats';
import { selectorOf } from '../../src/core/chaosYaml/selectorText';
import { withoutSecrets } from '../../src/core/cluster/connection';
import { cronError, parseCron } from '../../src/core/time/cron';
import { formatDuration, parseDuration } from '../../src/core/time/duration';
import { mentionsChaos } from '../../src/core/chaosYaml/language';
import { parseQuantity, parseSize } from '../../src/core/base/quantity';
import { readMark } from '../../src/core/scenario/mark';
import { readScenario } from '../../src/core/scenario/readScenario';
import fc from 'fast-check';
import { toTarget } from '../../src/adapters/kubernetes/targets';
import { EXPERIMENT, NETWORK, POD, SCHEDULE, WORKFLOW } from './examples';
import { jsonText, like, OWN_NAMES, textLike } from './inputs';
import { target } from './run';

const SCENARIO = {
  apiVersion: 'distdiag.io/v1',
  kind: 'Scenario',
  name: 'both',
  description: 'Two at once.',
  onFailure: 'continue',
  steps: [
    {
      name: 'a',
      anomaly: 'cpu_stress',
      targets: ['ob-1', { index: 0 }, { labels: { zone: 'a' } }],
      parameters: { workers: 4 },
      offset: '30s',
      duration: '3m',
    },
    { anomaly: 'network_delay', targets: { pod: 'ob-2' } },
  ],
};
const REQUEST = { type: 'cpu_stress', pods: ['ob-1'], parameters: { workers: 2 }, duration: '90s' };
const CONTEXT = {
  namespace: 'oceanbase',
  labelSelector: 'ref-obcluster',
  container: 'observer',
  volumePath: '/data',
  duration: '3m',
};
const language = createLanguage();
const objects = [EXPERIMENT, NETWORK, SCHEDULE, WORKFLOW];

/** A value as YAML in its block style, and as JSON, which is YAML too. */
const yamlOf = (value: unknown): string => {
  try {
    return language.write(value as never);
  } catch {
    return JSON.stringify(value) ?? '';
  }
};
const texts = objects.map((one) => yamlOf(one));
const SCENARIO_TEXT = JSON.stringify(SCENARIO, undefined, 2);
const yaml = fc.oneof(
  {
    weight: 3,
    arbitrary: textLike(...texts, `a: &a [*a]\n---\n${texts[0]}`, `${texts[0]}spec: {<<: *x, "? ": !!int z}\n`),
  },
  { weight: 3, arbitrary: like(...objects).map((value) => JSON.stringify(value) ?? '') },
  {
    weight: 1,
    arbitrary: fc
      .array(
        fc.constantFrom(
          '&a ',
          '*a',
          '[',
          ']',
          '{',
          '}',
          '- ',
          '? ',
          ': ',
          '|\n',
          '\t',
          '\n',
          '---\n',
          '<<: *a\n',
          '!!set ',
          '__proto__: 1\n',
          ...(texts[0] as string).split('\n').map((line) => `${line}\n`),
        ),
        { maxLength: 40 },
      )
      .map((parts) => `apiVersion: chaos-mesh.org/v1alpha1\n${parts.join('')}`),
  },
);

/** This text, or another in its place now and then. */
const mostly = (text: string): fc.Arbitrary<string> =>
  fc.oneof({ weight: 12, arbitrary: fc.constant(text) }, { weight: 1, arbitrary: textLike(text) });

/** A request as Node hands it over. */
const request = fc.record({
  headers: fc.record(
    {
      host: mostly('127.0.0.1:1'),
      origin: mostly('http://127.0.0.1:1'),
      authorization: mostly('Bearer secret'),
      'content-type': mostly('application/json'),
      'content-length': mostly('100'),
    },
    { requiredKeys: ['host', 'authorization', 'content-type'] },
  ),
  body: jsonText(REQUEST),
});

const words = (...examples: string[]): fc.Arbitrary<string> =>
  fc.oneof({ weight: 4, arbitrary: textLike(...examples) }, { weight: 1, arbitrary: fc.constantFrom(...OWN_NAMES) });

/** Readers of what people and programs write: files, requests, settings. */
export const TEXTS = [
  target('chaosYaml', fc.tuple(yaml, fc.nat(), fc.nat()), ([text, at, which]) => {
    mentionsChaos(text);
    const { findings } = language.check(text, CONTEXT);
    for (const { start, end } of findings)
      if (!(start >= 0 && end > start && end <= text.length + 1)) throw new Error(`a finding at ${start} to ${end}`);
    const finding = findings[which % Math.max(1, findings.length)];
    const fix = finding?.fixes[0];
    if (finding && fix) language.change(text, finding.object, fix);
    const place = at % (text.length + 1);
    language.complete(text, place, undefined);
    language.explain(text, place, undefined);
  }),
  target('chaosRules', like(...objects), (given) => {
    if (typeof given === 'object' && given !== null && !Array.isArray(given))
      objectFindings(given as Record<string, unknown>, CONTEXT, given as Record<string, unknown>);
  }),
  target(
    'scenarioFile',
    fc.oneof(
      textLike(
        SCENARIO_TEXT,
        'apiVersion: distdiag.io/v1\nkind: Scenario\nname: x\nsteps:\n  - anomaly: cpu_stress\n    targets: [ob-1]\n',
      ),
      like(SCENARIO).map((value) => JSON.stringify(value) ?? ''),
    ),
    (text) => {
      const { scenario, issues } = scenarioLanguage.read(text);
      if (scenario === undefined && issues.length === 0) throw new Error('refused without a word');
      if (scenario === undefined) return;
      const again = scenarioLanguage.read(scenarioLanguage.write(scenario));
      if (again.scenario === undefined)
        throw new Error(`what it writes it does not read: ${JSON.stringify(again.issues)}`);
    },
  ),
  target('scenarioValue', like(SCENARIO), (given) => {
    readScenario(given);
    readMark(given);
  }),
  target('anomalyRequest', like(REQUEST), (given) => {
    const asked = parseAnomalyRequest(given);
    targetsOf(asked, [toTarget(POD, 'observer')], () => 0);
  }),
  target('restRequest', request, async ({ headers, body }) => {
    const incoming = { headers, [Symbol.asyncIterator]: () => [Buffer.from(body)][Symbol.iterator]() } as never;
    try {
      checkOrigin(incoming, 1);
      checkToken(incoming, 'secret');
      parseAnomalyRequest(await readJson(incoming));
    } catch (thrown) {
      // A refusal of HTTP is as clear an answer as ours.
      throw thrown instanceof HttpRefusal ? new AppError('invalid', thrown.message) : thrown;
    }
  }),
  target('durations', words('1h30m', '90s', '1.5h', '-3m', '100µs'), (text) => {
    const ms = parseDuration(text);
    if (ms !== undefined && Number.isFinite(ms)) formatDuration(ms);
    durationError(text);
  }),
  target('quantities', words('500m', '10Gi', '1e3', '256MB', '1.5 GiB'), (text) => {
    parseQuantity(text);
    parseSize(text);
    for (const reads of [sizeError, floatError, integerError, unsignedError]) reads(text);
  }),
  target('selectorText', words('app=ob,zone in (a, b),!x,y!=z', 'ref-obcluster'), (text) => void selectorOf(text)),
  target('cron', words('*/5 * * * *', '0 0 1 jan sun', '@every 5m', '@hourly', 'TZ=UTC 1,2-3/4 * 30 2 ?'), (text) => {
    cronError(text);
    parseCron(text)?.next(Date.parse('2026-01-01T00:00:00Z'));
  }),
  target(
    'address',
    words('https://me:secret@host:6443/path?token=secret#x', 'socks5://me:secret@h:1', '//me:secret@no url'),
    (text) => {
      if (/^[^/]*\/\/[^/]*@/.test(withoutSecrets(text))) throw new Error('shows a password');
    },
  ),
];
