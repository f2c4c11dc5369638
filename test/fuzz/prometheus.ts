import fc from 'fast-check';
import { readAnswer, seriesOf } from '../../src/adapters/prometheus/connection/answer';
import { WindowCache } from '../../src/adapters/prometheus/windowCache';
import { fittingNames, seriesName } from '../../src/core/metrics/chartQuery';
import { timeAxis } from '../../src/core/metrics/axis';
import { escapeLabelValue, matcherOf } from '../../src/core/metrics/matchers';
import { parseServiceName, toPrometheusService } from '../../src/core/cluster/prometheusService';
import { serviceProxy } from '../../src/adapters/kubernetes/services';
import { ManualClock } from '../support';
import { anyText, jsonText, like, textLike } from './inputs';
import { target } from './run';

const MATRIX = {
  status: 'success',
  data: {
    resultType: 'matrix',
    result: [
      {
        metric: { __name__: 'up', pod: 'ob-1' },
        values: [
          [1767225600, '1.5'],
          [1767225615.5, 'NaN'],
          [1767225630, '+Inf'],
        ],
      },
    ],
  },
  warnings: ['PromQL info: metric might not be a counter'],
};
const VECTOR = {
  status: 'success',
  data: { resultType: 'vector', result: [{ metric: {}, value: [1767225600, '-Inf'] }] },
};
const SCALAR = { status: 'success', data: { resultType: 'scalar', result: [1767225600, '2'] } };
const ERROR = { status: 'error', errorType: 'bad_data', error: 'invalid parameter "query": 1:3: parse error' };

const FROM = 1_767_225_600_000;

/** A query's data, put on an axis as a picture takes it. */
async function align(data: unknown): Promise<void> {
  const series = seriesOf(data, 'http://127.0.0.1:9090');
  const cache = new WindowCache({ clock: new ManualClock(FROM) });
  const nodes = new Map(series.map(({ labels, points }) => [seriesName(labels, 'up'), { points, most: 1 }]));
  const timestamps = timeAxis(FROM, FROM + 60_000, 15_000);
  await cache.range('up', { timestamps, stepMs: 15_000 }, () => Promise.resolve({ nodes, warnings: new Set() }));
}

/** Readers of what Prometheus, or what stands before it, says. */
export const PROMETHEUS = [
  target(
    'prometheusAnswer',
    fc.tuple(
      fc.oneof(
        { weight: 9, arbitrary: fc.constant(200) },
        { weight: 1, arbitrary: fc.constantFrom(204, 302, 400, 422, 500) },
      ),
      jsonText(MATRIX, MATRIX, VECTOR, SCALAR, ERROR),
    ),
    async ([status, text]) => {
      await align(readAnswer(status, text, 'http://127.0.0.1:9090').data);
    },
  ),
  target('prometheusSeries', like(MATRIX.data, VECTOR.data, SCALAR.data), align),
  target('prometheusNames', fc.tuple(fc.array(anyText), anyText), ([names, text]) => {
    fittingNames(names, text, 50);
  }),
  target('promqlMatchers', fc.array(anyText, { minLength: 1 }), (values) => {
    const written = matcherOf('pod', values);
    // One string literal of PromQL, which nothing within ends.
    if (!/^pod=~?"(?:[^"\\\n]|\\[\s\S])*"$/.test(written)) throw new Error(`ends early: ${written}`);
    escapeLabelValue(values[0] as string);
  }),
  target(
    'prometheusService',
    fc.oneof(
      textLike('monitoring/https:prometheus:9090/prefix').map(parseServiceName),
      like({
        namespace: 'monitoring',
        service: 'prometheus',
        port: '9090',
        path: '/x',
        scheme: 'https',
        flavour: 'prometheus',
        pod: 'p-0',
      }).map(toPrometheusService),
    ),
    (service) => {
      if (service) serviceProxy({ server: 'https://127.0.0.1:1' } as never, service);
    },
  ),
];
