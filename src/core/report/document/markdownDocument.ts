import { markdownCode, markdownText } from '../../base/sanitize';
import type { ReportChart } from '../charts/drawings';
import { inlines, type Block, type ReportLine, type ReportDocument } from './reportDocument';

/** A report in Markdown, as GitHub and Jira show it. `pathOf`: where a chart's file is, relative to the report. */
export function markdownDocument({ title, blocks }: ReportDocument, pathOf: (chart: ReportChart) => string): string {
  return `${[`# ${markdownText(title)}`, ...blocks.map((block) => written(block, pathOf))].join('\n\n')}\n`;
}

function written(block: Block, pathOf: (chart: ReportChart) => string): string {
  switch (block.type) {
    case 'heading':
      return `${'#'.repeat(block.level ?? 2)} ${markdownText(block.text)}`;
    case 'summary':
    case 'paragraph':
      return markdownLine(block.text);
    case 'list':
      return block.items.map((item) => `- ${markdownLine(item)}`).join('\n');
    case 'facts':
      return block.rows.map(([name, value]) => `- **${markdownText(name)}**: ${markdownLine(value)}`).join('\n');
    case 'table':
      return tableRows(block.head.map(markdownText), block.rows, block.figures ?? []);
    case 'details': {
      const inner = block.blocks.map((one) => written(one, pathOf)).join('\n\n');
      return `<details>\n<summary>${markdownText(block.summary)}</summary>\n\n${inner}\n\n</details>`;
    }
    case 'charts':
      return block.charts.map((chart) => `![${markdownText(chart.title)}](${encodeURI(pathOf(chart))})`).join('\n\n');
    case 'code':
      return `${fence(block.text)}${block.language}\n${block.text.trimEnd()}\n${fence(block.text)}`;
  }
}

const markdownLine = (line: ReportLine): string =>
  inlines(line)
    .map((one) =>
      typeof one === 'string'
        ? markdownText(one)
        : 'code' in one
          ? markdownCode(one.code)
          : 'strong' in one
            ? `**${markdownText(one.strong)}**`
            : markdownText(one.text),
    )
    .join('');

const tableRows = (
  head: readonly string[],
  rows: readonly (readonly ReportLine[])[],
  figures: readonly number[],
): string =>
  [head, head.map((_, i) => (figures.includes(i) ? '--:' : '---')), ...rows.map((cells) => cells.map(markdownLine))]
    .map((cells) => `| ${cells.join(' | ')} |`)
    .join('\n');

/** A fence that nothing within ends. */
const fence = (text: string): string => {
  const longest = Math.max(0, ...[...text.matchAll(/`+/g)].map(([marks]) => marks.length));
  return '`'.repeat(Math.max(3, longest + 1));
};
