import { readFileSync } from 'node:fs';
import path from 'node:path';
import { beforeEach, describe, expect, it, vi } from 'vitest';
import { checkParameter } from '../../../src/core/faults/parameters';
import { faultDefinition, type FaultParameter } from '../../../src/core/faults/catalogue';
import { localized } from '../../../src/ui/text/coreText';
import { sentences } from '../../../src/ui/text/errors';
import { panelHtml } from '../../../src/ui/panel/html';
import { anomalyName, reasonWords } from '../../../src/ui/text/labels';

type Bundle = Record<string, string>;
const chinese = JSON.parse(
  readFileSync(path.join(__dirname, '../../../l10n/bundle.l10n.zh-cn.json'), 'utf8'),
) as Bundle;
const editor = vi.hoisted(() => ({ bundle: undefined as Bundle | undefined }));

// As the editor does it: the key is the text, with its comment behind a slash.
vi.mock('vscode', () => {
  const format = (text: string, args: readonly unknown[]): string =>
    text.replace(/\{(\d+)\}/g, (all, place: string) => String(args[Number(place)] ?? all));
  const t = (text: string | { message: string; args: unknown[]; comment: string[] }, ...args: unknown[]): string =>
    typeof text === 'string'
      ? format(editor.bundle?.[text] ?? text, args)
      : format(editor.bundle?.[`${text.message}/${text.comment.join('')}`] ?? text.message, text.args);
  return {
    l10n: {
      t,
      get bundle() {
        return editor.bundle;
      },
    },
    env: { language: 'zh-cn' },
    Uri: { joinPath: (_: unknown, ...parts: string[]) => parts.join('/') },
  };
});

beforeEach(() => void (editor.bundle = chinese));

describe('texts of the core in the editor’s language', () => {
  it('stay as they are where the editor speaks English', () => {
    editor.bundle = undefined;
    expect(localized('No pod is chosen.')).toBe('No pod is chosen.');
    expect(anomalyName('cpu_stress')).toBe('CPU stress');
  });

  // As a regular expression with several gaps, a template was tried for seconds on its own words in a row.
  it('are not looked for at length in the words of a server', () => {
    for (const key of Object.keys(chinese).filter((one) => one.endsWith('/core'))) {
      const words = key.slice(0, -'/core'.length).replace(/\{\d+\}/g, ' ');
      const text = `${words} `.repeat(Math.ceil(4000 / (words.length + 1)));
      for (const length of [1400, 4000]) expect(localized(text.slice(0, length))).not.toBe('');
    }
  }, 60_000);

  it('are known again with what was put into them', () => {
    expect(localized('No pod is chosen.')).toBe('没有选择 Pod。');
    expect(localized('a-1 has no container "observer".')).toBe('a-1 没有容器“observer”。');
    expect(anomalyName('disk_stress')).toBe('磁盘压力');
    const load = faultDefinition('cpu_stress').parameters.find(({ id }) => id === 'load') as FaultParameter;
    expect(localized(checkParameter(load, 101) ?? '')).toBe('负载最多为 100 %。');
  });

  it('are translated inside one another and one after another', () => {
    expect(localized('x is still being deleted after 30 s. Chaos Mesh has not recovered a-1.')).toBe(
      '30 秒后 x 仍在删除中。Chaos Mesh 尚未恢复 a-1。',
    );
    expect(localized('1 of 3 injected. cannot find daemonIP on node w')).toBe(
      '3 个中已注入 1 个。 cannot find daemonIP on node w',
    );
    expect(sentences('There is no kubeconfig.', 'Set distdiag.kubeconfig, or start the demo cluster.')).toBe(
      '没有 kubeconfig。 请设置 distdiag.kubeconfig，或启动演示集群。',
    );
  });

  it('leave the words of a server alone', () => {
    for (const text of ['', 'rpc error: code = Unknown desc = exit status 2', 'Weird. Really weird. {0}'])
      expect(localized(text)).toBe(text);
  });

  it('say the diagnosis’s reasons', () => {
    const reason = { metric: 'disk.writeLatency', value: 0.1, baseline: 0.001, direction: 'up', weight: 1 } as const;
    expect(reasonWords({ ...reason, z: 9 } as never)).toBe('写延迟 100 ms，正常为 1 ms');
  });
});

describe('the panel’s page', () => {
  const page = (): string =>
    panelHtml({ asWebviewUri: (uri: unknown) => uri, cspSource: 'self' } as never, '/x' as never);
  const given = (html: string): Bundle =>
    JSON.parse(/<script type="application\/json"[^>]*>(.*?)<\/script>/s.exec(html)?.[1] ?? '') as Bundle;

  it('is given its texts and the metrics’ names', () => {
    expect(given(page())).toMatchObject({ 'No anomaly detected': '未发现异常', 'Write latency': '写延迟' });
    editor.bundle = undefined;
    expect(given(page())).toEqual({});
  });

  it('cannot be ended by a text', () => {
    editor.bundle = { Live: '</script><script>' };
    expect(page()).not.toContain('</script><script>');
    expect(given(page())['Live']).toBe('</script><script>');
  });
});
