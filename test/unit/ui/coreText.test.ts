import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it } from 'vitest';
import { cronError } from '../../../src/core/time/cron';
import { AppError } from '../../../src/core/base/errors';
import { joined, msg, type Text } from '../../../src/core/base/text';
import { checkParameter } from '../../../src/core/faults/parameters';
import { faultDefinition, type FaultParameter } from '../../../src/core/faults/catalogue';
import { localized } from '../../../src/ui/text/coreText';
import { sentences } from '../../../src/ui/text/errors';
import { wordsOf } from '../../../src/ui/panel/snapshot';
import { panelHtml } from '../../../src/ui/panel/html';
import { anomalyName, reasonWords } from '../../../src/ui/text/labels';
import { env, l10n, Uri } from '../editor/vscode';

type Bundle = Record<string, string>;
const chinese = JSON.parse(
  readFileSync(path.join(__dirname, '../../../l10n/bundle.l10n.zh-cn.json'), 'utf8'),
) as Bundle;

env.language = 'zh-cn';
beforeEach(() => void (l10n.bundle = chinese));

describe('texts of the core in the editor’s language', () => {
  it('stay as they are where the editor speaks English', () => {
    l10n.bundle = undefined;
    expect(localized('No pods are selected.')).toBe('No pods are selected.');
    expect(localized(msg`${'a-1'} has no container "${'observer'}".`)).toBe('a-1 has no container "observer".');
    expect(anomalyName('cpu_stress')).toBe('CPU stress');
  });

  it('are looked up as a whole, with what is put into them', () => {
    expect(localized('No pods are selected.')).toBe('没有选择 Pod。');
    expect(localized(msg`${'a-1'} has no container "${'observer'}".`)).toBe('a-1 没有容器“observer”。');
    expect(anomalyName('disk_stress')).toBe('磁盘压力');
    const load = faultDefinition('cpu_stress').parameters.find(({ id }) => id === 'load') as FaultParameter;
    expect(localized(checkParameter(load, 101) ?? '')).toBe('负载最多为 100%。');
    expect(localized(cronError('99 * * * *') ?? '')).toBe('“99”不是有效的分钟：请使用 0 到 59。');
  });

  it('are translated inside one another and one after another', () => {
    const held = msg`Chaos Mesh has not recovered ${'a-1'}.`;
    expect(localized(msg`${'x'} is still being deleted after ${30} s. ${held}`)).toBe(
      '30 秒后 x 仍在删除中。Chaos Mesh 尚未恢复 a-1。',
    );
    expect(localized(joined([msg`${1} of ${3} injected.`, 'cannot find daemonIP on node w']))).toBe(
      '3 个中已注入 1 个。 cannot find daemonIP on node w',
    );
    expect(sentences('No kubeconfig was found.', 'Set distdiag.kubeconfig, or start the demo cluster.')).toBe(
      '找不到 kubeconfig。请设置 distdiag.kubeconfig，或启动演示集群。',
    );
  });

  it('are those of an error, of its reason and of its hint', () => {
    const reason = new AppError('timeout', msg`${'w'} did not respond in time.`, { hint: 'Try again.' });
    const error = new AppError('timeout', msg`It is unknown whether ${'x'} was created. ${reason.text}`, {
      hint: reason.hint as Text,
    });
    expect(error.message).toBe('It is unknown whether x was created. w did not respond in time.');
    expect(wordsOf(error)).toEqual({ message: '不确定 x 是否已创建。w 没有及时响应。', hint: '请重试。' });
  });

  it('leave the words of a server alone, also where they read like ours', () => {
    for (const text of [
      '',
      'rpc error: code = Unknown desc = exit status 2',
      'Weird. Really weird. {0}',
      'a-1 has no container "observer".',
      'It was stopped. a-1 no longer exists.',
    ])
      expect(localized(text)).toBe(text);
  });

  it('put a value in as it stands, whatever it holds', () => {
    const name = '{1} $& {0}';
    expect(localized(msg`${name} has no container "${'$1'}".`)).toBe('{1} $& {0} 没有容器“$1”。');
    l10n.bundle = undefined;
    expect(localized(msg`${name} has no container "${'$1'}".`)).toBe('{1} $& {0} has no container "$1".');
  });

  it('say the diagnosis’s reasons', () => {
    const reason = { metric: 'disk.writeLatency', value: 0.1, baseline: 0.001, direction: 'up', weight: 1 } as const;
    expect(reasonWords({ ...reason, z: 9 } as never)).toBe('写延迟 100 ms，基线 1 ms');
  });
});

describe('the panel’s page', () => {
  const page = (): string => panelHtml({ asWebviewUri: String, cspSource: 'self' } as never, Uri.file('/') as never);
  const given = (html: string): Bundle =>
    JSON.parse(/<script type="application\/json"[^>]*>(.*?)<\/script>/s.exec(html)?.[1] ?? '') as Bundle;

  it('is given its texts and the metrics’ names', () => {
    expect(given(page())).toMatchObject({ 'No anomaly detected': '未发现异常', 'Write latency': '写延迟' });
    l10n.bundle = undefined;
    expect(given(page())).toEqual({});
  });

  it('cannot be ended by a text', () => {
    l10n.bundle = { Live: '</script><script>' };
    expect(page()).not.toContain('</script><script>');
    expect(given(page())['Live']).toBe('</script><script>');
  });
});
