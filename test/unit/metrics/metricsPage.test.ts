import { readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, it } from 'vitest';
import { METRICS } from '../../../src/core/metrics/catalogue';
import { readExpectations } from '../../../src/core/scenario/readExpectations';

/** The rows of the table of units in docs/metrics.md: metric, unit and how its pods are combined. */
function rows(): string[] {
  const page = readFileSync(path.join(__dirname, '../../../docs/metrics.md'), 'utf8');
  const [, section = ''] = /^## Names and units\n([^]*?)^## /m.exec(page) ?? [];
  return [...section.matchAll(/^\| [^|]*\(`(\w+)`\) \| (\w+) \| (.*) \|$/gm)].flatMap(([, unit, how, metrics = '']) =>
    metrics.split(', ').map((metric) => `${metric.replaceAll('`', '')} ${unit} ${how}`),
  );
}

it('docs/metrics.md has every metric with its unit, and how its pods are combined by default', () => {
  const catalogue = METRICS.map(({ id, unit }) => {
    const [read] = readExpectations([{ name: 'a', metric: id, min: 0 }], ['cpu_stress'], (_, message) => {
      throw new Error(String(message));
    });
    const how = read?.kind === 'metric' && 'aggregate' in read.source ? read.source.aggregate : 'none';
    return `${id} ${unit} ${how}`;
  });
  expect(rows().toSorted()).toEqual(catalogue.toSorted());
});
