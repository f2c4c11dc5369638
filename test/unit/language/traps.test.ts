import { describe, expect, it } from 'vitest';
import { check, experiment, GOOD, mended } from './support';

/** [what, kind, spec, code, the text that is marked, the line after the fix] */
type Trap = [what: string, kind: string, spec: string, code: string, marked: string, after: RegExp];

const LOSS = 'action: loss\ndirection: to\n';
const TRAPS: Trap[] = [
  ['a percent sign', 'NetworkChaos', `${GOOD}${LOSS}loss:\n  loss: "80%"`, 'float', '"80%"', /loss: "80"/],
  [
    'a percent sign without quotes',
    'NetworkChaos',
    `${GOOD}${LOSS}loss: {loss: 80%}`,
    'float',
    '80%',
    /loss: {loss: "80"}/,
  ],
  ['a percentage as a number', 'NetworkChaos', `${GOOD}${LOSS}loss:\n  loss: 80`, 'type', '80', /loss: "80"/],
  [
    'volumePath missing',
    'IOChaos',
    `${GOOD}action: latency\ndelay: 100ms`,
    'volumePathMissing',
    'spec',
    /volumePath: \/home\/admin\/data-file/,
  ],
  [
    'volumePath empty',
    'IOChaos',
    `${GOOD}action: latency\ndelay: 100ms\nvolumePath:\nerrno: 5`,
    'volumePathMissing',
    'volumePath',
    /volumePath: \/home/,
  ],
  [
    'volumePath as the root',
    'IOChaos',
    `${GOOD}action: latency\ndelay: 100ms\nvolumePath: /`,
    'volumePathRoot',
    '/',
    /volumePath: \/home/,
  ],
  [
    'latency without delay',
    'IOChaos',
    `${GOOD}action: latency\nvolumePath: /data`,
    'delayMissing',
    'spec',
    /delay: 100ms/,
  ],
  [
    'network delay without its block',
    'NetworkChaos',
    `${GOOD}action: delay`,
    'blockMissing',
    'spec',
    /delay:\n {4}latency: 100ms/,
  ],
  [
    'network delay with an empty block',
    'NetworkChaos',
    `${GOOD}action: delay\ndelay:`,
    'blockMissing',
    'delay',
    /delay:\n {4}latency: 100ms/,
  ],
  ['bandwidth without its block', 'NetworkChaos', `${GOOD}action: bandwidth`, 'blockMissing', 'spec', /rate: 1mbps/],
  ['no workers', 'StressChaos', `${GOOD}stressors:\n  cpu: {workers: 0, load: 100}`, 'workersZero', '0', /workers: 1,/],
  [
    'no memory workers',
    'StressChaos',
    `${GOOD}stressors:\n  memory:\n    workers: 0 # none\n    size: 1GB`,
    'workersZero',
    '0',
    /workers: 1 # none/,
  ],
  ['workers as a text', 'StressChaos', `${GOOD}stressors: {cpu: {workers: "2"}}`, 'type', '"2"', /workers: 2/],
  [
    'no unit',
    'StressChaos',
    `${GOOD.replace('3m', '"30"')}stressors: {cpu: {workers: 1}}`,
    'duration',
    '"30"',
    /duration: 30s/,
  ],
  [
    'no unit, no quotes',
    'StressChaos',
    `${GOOD.replace('3m', '30')}stressors: {cpu: {workers: 1}}`,
    'duration',
    '30',
    /duration: 30s/,
  ],
  [
    'days',
    'StressChaos',
    `${GOOD.replace('3m', '1d12h')}stressors: {cpu: {workers: 1}}`,
    'duration',
    '1d12h',
    /duration: 36h/,
  ],
  [
    'words',
    'StressChaos',
    `${GOOD.replace('3m', '5 min')}stressors: {cpu: {workers: 1}}`,
    'duration',
    '5 min',
    /duration: 5m/,
  ],
  [
    'no duration',
    'StressChaos',
    `${GOOD.replace('duration: 3m\n', '')}stressors: {cpu: {workers: 1}}`,
    'noDuration',
    'spec',
    /duration: 3m/,
  ],
  [
    'no mode',
    'StressChaos',
    `${GOOD.replace('mode: one\n', '')}stressors: {cpu: {workers: 1}}`,
    'modeMissing',
    'spec',
    /mode: one/,
  ],
  [
    'no selector',
    'StressChaos',
    'mode: one\nduration: 3m\nstressors: {cpu: {workers: 1}}',
    'selectorMissing',
    'spec',
    /expressionSelectors:\n {6}- key: ref-obcluster/,
  ],
  [
    'everything selected',
    'StressChaos',
    'mode: one\nselector: {}\nduration: 3m\nstressors: {cpu: {workers: 1}}',
    'selectsAll',
    'selector',
    /selector: .*ref-obcluster/,
  ],
  [
    'a whole namespace selected',
    'StressChaos',
    'mode: one\nselector:\n  namespaces:\n    - oceanbase\nduration: 3m\nstressors: {cpu: {workers: 1}}',
    'selectsAll',
    'selector',
    /- oceanbase\n {4}expressionSelectors:/,
  ],
  [
    'the label of other deployments',
    'StressChaos',
    'mode: one\nselector:\n  labelSelectors:\n    app: oceanbase\nduration: 3m\nstressors: {cpu: {workers: 1}}',
    'appLabel',
    'oceanbase',
    /key: ref-obcluster/,
  ],
  [
    'no pod named',
    'StressChaos',
    'mode: one\nselector: {labelSelectors: {a: b}, pods: {oceanbase: []}}\nduration: 3m\nstressors: {cpu: {workers: 1}}',
    'selectsNone',
    'pods',
    /selector: {labelSelectors: {a: b}}/,
  ],
  [
    'old stressors',
    'StressChaos',
    `${GOOD}stressors: {cpu: {workers: 1}}\nstressngStressors: --cpu 1`,
    'stressng',
    '--cpu 1',
    /workers: 1}}\n$/,
  ],
  ['no stressor', 'StressChaos', GOOD, 'stressors', 'spec', /stressors:\n {4}cpu:\n {6}workers: 1/],
  ['empty stressors', 'StressChaos', `${GOOD}stressors: {}`, 'stressors', 'stressors', /stressors: {? ?cpu/],
  [
    'from without a target',
    'NetworkChaos',
    `${GOOD}${LOSS.replace('to', 'from')}loss: {loss: "1"}`,
    'direction',
    'from',
    /direction: to/,
  ],
  [
    'no container to kill',
    'PodChaos',
    `${GOOD}action: container-kill`,
    'containers',
    'spec',
    /containerNames:\n {4}- observer/,
  ],
  ['no errno', 'IOChaos', `${GOOD}action: fault\nvolumePath: /data`, 'errno', 'spec', /errno: 5/],
  ['no port', 'HTTPChaos', `${GOOD}target: Request\nabort: true`, 'port', 'spec', /port: 8080/],
  ['a value missing', 'PodChaos', `${GOOD.replace('one', 'fixed')}action: pod-failure`, 'value', 'spec', /value: "1"/],
  [
    'a value too high',
    'PodChaos',
    `${GOOD.replace('one', 'fixed-percent')}value: "200"\naction: pod-failure`,
    'value',
    '"200"',
    /value: "100"/,
  ],
  [
    'a value as a number',
    'PodChaos',
    `${GOOD.replace('one', 'fixed')}value: 2\naction: pod-failure`,
    'type',
    '2',
    /value: "2"/,
  ],
  ['a size', 'StressChaos', `${GOOD}stressors: {memory: {workers: 1, size: 256MX}}`, 'size', '256MX', /size: 256MB/],
  [
    'a rate',
    'NetworkChaos',
    `${GOOD}action: bandwidth\nbandwidth: {rate: 1m, limit: 1, buffer: 1}`,
    'rate',
    '1m',
    /rate: 1mbps/,
  ],
  [
    'two units of latency',
    'NetworkChaos',
    `${GOOD}action: delay\ndelay: {latency: 1m30s}`,
    'pattern',
    '1m30s',
    /latency: 90000ms/,
  ],
  ['a clock offset without unit', 'TimeChaos', `${GOOD}timeOffset: "600"`, 'duration', '"600"', /timeOffset: 600s/],
  [
    'a field misspelt',
    'PodChaos',
    `${GOOD}action: pod-failure\ngracePeriods: 5`,
    'unknown',
    'gracePeriods',
    /gracePeriod: 5/,
  ],
  ['an action misspelt', 'PodChaos', `${GOOD}action: pod-fialure`, 'enum', 'pod-fialure', /action: pod-failure/],
  [
    'a list forgotten',
    'DNSChaos',
    `${GOOD}action: error\npatterns: a.com`,
    'type',
    'a.com',
    /patterns: \[ ?a\.com ?\]/,
  ],
  ['a load too high', 'StressChaos', `${GOOD}stressors: {cpu: {workers: 1, load: 200}}`, 'maximum', '200', /load: 100/],
  [
    'a cron of four fields',
    'Schedule',
    `schedule: "* * * *"\ntype: PodChaos\npodChaos:\n${GOOD.replace(/^/gm, '  ').trimEnd()}\n  action: pod-failure`,
    'cron',
    '"* * * *"',
    /schedule: "@every 1h"/,
  ],
  [
    'an entry that is not there',
    'Workflow',
    'entry: al\ntemplates:\n  - name: all\n    templateType: Suspend\n    deadline: 1m',
    'noTemplate',
    'al',
    /entry: all/,
  ],
  [
    'a duration in a workflow',
    'Workflow',
    `entry: a\ntemplates:\n  - name: a\n    templateType: PodChaos\n    deadline: 1m\n    podChaos:\n${GOOD.replace(/^(?=.)/gm, '      ')}      action: pod-failure`,
    'workflowDuration',
    '3m',
    /mode: one\n {8}action/,
  ],
];

describe('known traps', () => {
  it.each(TRAPS)('%s is marked and mended', (_, kind, spec, code, marked, after) => {
    for (const newline of ['\n', '\r\n']) {
      const text = experiment(kind, spec).replaceAll('\n', newline);
      const found = check(text);
      const finding = found.find((one) => one.code === code);
      expect(finding, JSON.stringify(found)).toBeDefined();
      if (!finding) return;
      expect(text.slice(finding.start, finding.end)).toBe(marked);
      const result = mended(text, finding);
      expect(result.replaceAll('\r\n', '\n')).toMatch(after);
      if (newline === '\r\n') expect(result).not.toMatch(/[^\r]\n {2}\w+: .*\r\n$/);
      // What is left was there before, and nothing is an error.
      expect(check(result).filter((one) => one.code === code)).toEqual([]);
      expect(
        check(result)
          .filter(({ severity }) => severity === 'error')
          .map(({ message }) => message),
      ).toEqual([]);
    }
  });

  it('every fix of every trap leaves a text that is valid, or at least no worse', () => {
    for (const [what, kind, spec] of TRAPS) {
      const text = experiment(kind, spec);
      for (const finding of check(text))
        for (const i of finding.fixes.keys()) {
          const result = mended(text, finding, i);
          const errors = check(result).filter(({ severity }) => severity === 'error');
          expect(
            errors.filter(({ source }) => source === 'syntax'),
            what,
          ).toEqual([]);
          expect(errors.length, `${what}: ${finding.fixes[i]?.title}`).toBeLessThanOrEqual(1);
        }
    }
  });

  it('that are no errors hide none', () => {
    const text = experiment('StressChaos', `${GOOD}stressngStressors: 7\nstressors: {cpu: {workers: 1}}`);
    expect(check(text).map(({ code, severity }) => [code, severity])).toEqual([
      ['stressng', 'warning'],
      ['type', 'error'],
    ]);
  });

  it('name, kind and version are checked', () => {
    const good = experiment('PodChaos', `${GOOD}action: pod-failure`);
    expect(check(good)).toEqual([]);
    const cases: [string, string, string, RegExp][] = [
      ['name: one', 'name: One_Pod', 'name', /name: one-pod/],
      ['name: one', `name: ${'x'.repeat(300)}`, 'name', /name: x{63}\n/],
      ['kind: PodChaos', 'kind: PodChoas', 'kind', /kind: PodChaos/],
      ['v1alpha1', 'v1beta1', 'apiVersion', /v1alpha1/],
    ];
    for (const [from, to, code, after] of cases) {
      const text = good.replace(from, to);
      const finding = check(text).find((one) => one.code === code);
      expect(finding, to).toBeDefined();
      if (finding) expect(mended(text, finding)).toMatch(after);
    }
    expect(check(good.replace('PodChaos', 'PodIOChaos')).map(({ code }) => code)).toContain('internalKind');
  });
});

describe('templates of a workflow', () => {
  const workflow = (...templates: string[]): string =>
    experiment('Workflow', `entry: all\ntemplates:\n${templates.map((one) => `  - ${one}`).join('\n')}`);
  const found = (...templates: string[]): string[] =>
    check(workflow(...templates)).map(({ code, severity }) => `${severity} ${code}`);
  const check200 = "{type: HTTP, http: {url: 'http://a/', criteria: {statusCode: '200'}}}";
  const wait = '{name: wait, templateType: Suspend, deadline: 1s}';

  it('are checked as the objects that are made of them later', () => {
    const statusCheck = (spec: string): string => `{name: all, templateType: StatusCheck, statusCheck: ${spec}}`;
    expect(found(statusCheck(check200))).toEqual([]);
    expect(found(statusCheck(check200.replace('type: HTTP, ', '')))).not.toContain('error choice'); // it has a default
    expect(found(statusCheck(check200.replace('http://a/', 'a')))).toEqual(['error url']);
    expect(found(statusCheck(check200.replace("'200'", "'2xx'")))).toEqual(['error statusCode']);
    expect(found(statusCheck('{type: HTTP}'))).toEqual(['error needed']);
    expect(found('{name: all, templateType: StatusCheck}')).toEqual(['error specMissing']);
    expect(found('{name: all, templateType: Schedule}')).toEqual(['error specMissing']);
    expect(found('{name: all, templateType: Task}')).toEqual(['error specMissing']);
    expect(found('{name: all, templateType: Task, task: {}}')).toEqual(['error specMissing']);
    const often =
      '{schedule: "@hourly", type: AzureChaos, azureChaos: {action: vm-stop, subscriptionID: s, resourceGroupName: g, vmName: v, duration: 1m}}';
    expect(found(`{name: all, templateType: Schedule, deadline: 1m, schedule: ${often}}`)).toContain('error specLost');
  });

  it('of a workflow that a schedule starts are checked by the webhooks of workflows', () => {
    const text = (children: string): string =>
      experiment(
        'Schedule',
        `schedule: "@hourly"\ntype: Workflow\nhistoryLimit: 1\nworkflow: {entry: wait, templates: [{name: wait, templateType: Suspend, deadline: 1s${children}}]}`,
      );
    expect(check(text(''))).toEqual([]);
    expect(check(text(', children: [wait]')).map(({ code }) => code)).toEqual(['notHere']);
  });

  it('begin only what is there, and not themselves', () => {
    const job = (target: string): string =>
      `{name: all, templateType: Task, task: {container: {name: a, image: b}}, conditionalBranches: [{target: ${target}}]}`;
    expect(found(job('wait'), wait)).toEqual([]);
    // To try again until it works is what branches are for.
    expect(found(job('all'))).toEqual([]);
    expect(found(job('wayt'), wait)).toEqual(['error noTemplate']);
    const group = (name: string, ...children: string[]): string =>
      `{name: ${name}, templateType: Serial, children: [${children.join(', ')}]}`;
    expect(found(group('all', 'some', 'some', 'wait'), group('some', 'wait'), wait)).toEqual([]);
    expect(found(group('all', 'wait', 'all'), wait)).toEqual(['warning templateLoop']);
    const text = workflow(group('all', 'some', 'wait'), group('some', 'wait', 'all'), wait);
    expect(check(text).map(({ start, end }) => text.slice(start - 6, end))).toEqual(['wait, all']);
  });

  it('have a deadline that can be read, or none', () => {
    expect(found(wait.replace('wait', 'all').replace('1s', '""'))).toEqual(['error deadlineMissing']);
    const statusCheck = `{name: all, templateType: StatusCheck, deadline: "", statusCheck: ${check200}}`;
    expect(found(statusCheck)).toEqual(['error duration']);
  });
});
