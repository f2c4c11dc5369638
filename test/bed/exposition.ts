/** One sample of a scrape. */
export interface ExposedSample {
  name: string;
  labels: Record<string, string>;
  value: number;
}

const LINE = /^([a-zA-Z_:][\w:]*)(?:\{([^]*)\})? (\S+)(?: \d+)?$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\[^])*)",?/gy;
const ESCAPES: Readonly<Record<string, string>> = { '\\n': '\n', '\\"': '"', '\\\\': '\\' };
const NUMBERS: Readonly<Record<string, number>> = { '+Inf': Infinity, '-Inf': -Infinity, NaN };

/** Reads Prometheus's text format (version 0.0.4); throws at a line that is none of it. */
export function parseExposition(text: string): ExposedSample[] {
  return text
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => {
      const [, name = '', labels = '', number = ''] = LINE.exec(line) ?? [];
      const value = NUMBERS[number] ?? Number(number);
      if (!name || (Number.isNaN(value) && number !== 'NaN')) throw new Error(`no sample: ${line}`);
      return { name, labels: parseLabels(labels), value };
    });
}

function parseLabels(text: string): Record<string, string> {
  const labels: Record<string, string> = {};
  let end = 0;
  for (const match of text.matchAll(LABEL)) {
    labels[match[1] as string] = (match[2] as string).replace(/\\[n"\\]/g, (escape) => ESCAPES[escape] as string);
    end = match.index + match[0].length;
  }
  if (end !== text.length) throw new Error(`no labels: ${text}`);
  return labels;
}
