import { parser } from '@prometheus-io/lezer-promql';
import { describe, expect, it } from 'vitest';
import { METRICS, metricDefinition } from '../../../src/core/metrics/catalogue';
import {
  chooseQueries,
  CONTAINER_PROFILE,
  OCEANBASE_PROFILE,
  PROFILES,
  rateWindowMs,
  renderQuery,
} from '../../../src/core/metrics/profiles';
import { escapeLabelValue, matcherOf } from '../../../src/core/metrics/matchers';

const scope = { namespace: 'oceanbase', container: 'observer', rateWindowMs: 60_000 };
const one = { ...scope, nodes: ['10.0.0.1'] };
const two = { ...scope, nodes: ['10.0.0.1', 'ob-2'] };

describe('the profiles', () => {
  const all = PROFILES.flatMap((profile) => profile.queries.map((query) => ({ profile: profile.name, ...query })));

  it.each(all)('$profile $metric is PromQL without an error, of one series for each node', (query) => {
    for (const scoped of [one, two]) {
      const text = renderQuery(query.template, scoped);
      const errors: string[] = [];
      const groups = text.match(/\b(sum|count|avg)\b/g) ?? [];
      parser
        .parse(text)
        .iterate({ enter: (node) => void (node.type.isError && errors.push(text.slice(node.from, node.to))) });
      expect(errors, text).toEqual([]);
      expect(text).not.toContain('$');
      // Every selector names the nodes by the label that the answer is told apart by.
      const matcher = scoped === one ? `${query.node}="10.0.0.1"` : `${query.node}=~"10\\\\.0\\\\.0\\\\.1|ob-2"`;
      for (const [selector] of text.matchAll(/\{[^}]*\}/g)) expect(selector).toContain(matcher);
      expect(text.split(` by (${query.node}) `)).toHaveLength(groups.length + 1);
    }
    expect(metricDefinition(query.metric)).toBeDefined();
  });

  it('cover the whole catalogue, each metric once', () => {
    expect(all.map(({ metric }) => metric).sort()).toEqual(METRICS.map(({ id }) => id).sort());
  });

  it('ask network series by pod, as they have no container', () => {
    const network = all.filter(({ needs }) => needs.startsWith('container_network_'));
    expect(network).toHaveLength(2);
    for (const { template } of network) expect(renderQuery(template, one)).not.toContain('container="');
  });

  it('turn microseconds into seconds and means into ratios of rates', () => {
    const query = all.find(({ metric }) => metric === 'disk.writeLatency');
    expect(renderQuery(query?.template ?? '', one)).toBe(
      '(sum by (svr_ip) (rate(ob_sysstat{svr_ip="10.0.0.1",stat_id="60004"}[60000ms]))) / (sum by (svr_ip) (rate(ob_sysstat{svr_ip="10.0.0.1",stat_id="60003"}[60000ms]))) / 1e6',
    );
  });
});

describe('the choice of queries', () => {
  const OCEANBASE = OCEANBASE_PROFILE.queries.length;
  const CONTAINER = CONTAINER_PROFILE.queries.length;

  const names = (
    has: (name: string) => boolean,
    wanted: 'auto' | 'container' | 'oceanbase' = 'auto',
  ): [string, number, number] => {
    const { profile, queries } = chooseQueries(wanted, has);
    return [
      profile,
      queries.filter((one) => one.profile === 'oceanbase').length,
      queries.filter((one) => one.profile === 'container').length,
    ];
  };

  it('takes both profiles where the server has both', () =>
    expect(names(() => true)).toEqual(['oceanbase', OCEANBASE, CONTAINER]));
  it('degrades to container metrics without obagent', () =>
    expect(names((name) => name.startsWith('container_'))).toEqual(['container', 0, CONTAINER]));
  it('keeps what obagent has without cAdvisor', () =>
    expect(names((name) => name.startsWith('ob_'))).toEqual(['oceanbase', OCEANBASE, 0]));
  it('degrades metric by metric', () =>
    expect(names((name) => name !== 'ob_active_session_num')).toEqual(['oceanbase', OCEANBASE - 1, CONTAINER]));
  it('takes container metrics only when asked', () =>
    expect(names(() => true, 'container')).toEqual(['container', 0, CONTAINER]));
  it('has nothing where there is nothing', () => expect(names(() => false)).toEqual(['container', 0, 0]));
});

describe('label values', () => {
  it('are escaped', () => {
    expect(escapeLabelValue('a"b\\c\nd')).toBe('a\\"b\\\\c\\nd');
  });

  it('are one of several, each as it stands', () => {
    expect(matcherOf('pod', ['a"b'])).toBe('pod="a\\"b"');
    expect(matcherOf('pod', ['a.b', 'c|d', 'e"f\\'])).toBe('pod=~"a\\\\.b|c\\\\|d|e\\"f\\\\\\\\"');
    expect(matcherOf('pod', [])).toBe('pod=~""');
  });

  it('that look like place-holders stay as they are', () => {
    expect(renderQuery('up{$container}[$w]', { ...scope, nodes: ['$w$server'], container: '$&' })).toBe(
      'up{namespace="oceanbase",pod="$w$server",container="$&"}[60000ms]',
    );
  });
});

it('a rate window holds three scrapes and more than a step', () => {
  expect(rateWindowMs(15_000, 5_000)).toBe(20_000);
  expect(rateWindowMs(15_000, 30_000)).toBe(90_000);
  expect(rateWindowMs(60_000, 5_000)).toBe(65_000);
});
