import { NODE_COLOURS } from '../../base/nodeLook';
import { chartLegend } from '../charts/chartLegend';
import { IN_PAGE } from '../charts/chartPaint';
import { svgChart } from '../charts/svgChart';
import { htmlStyle } from './htmlStyle';
import { htmlCellText, htmlText } from './htmlText';
import { inlines, type Block, type ReportLine, type ReportDocument, type ReportTable } from './reportDocument';

/** What the page may do: nothing but show itself, whatever a name in it holds. */
const POLICY = "default-src 'none'; style-src 'unsafe-inline'";

/** A report as one HTML file: no script and nothing from elsewhere, light or dark as its reader has it, fit for paper. */
export function htmlDocument({ language, title, blocks }: ReportDocument): string {
  return `<!DOCTYPE html>
<html lang="${htmlText(language)}">
<head>
<meta charset="utf-8">
<meta http-equiv="Content-Security-Policy" content="${POLICY}">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>${htmlText(title)}</title>
<style>${htmlStyle(NODE_COLOURS)}</style>
</head>
<body>
<main>
<h1>${htmlText(title)}</h1>
${blocks.map(html).join('\n')}
</main>
</body>
</html>
`;
}

function html(block: Block): string {
  switch (block.type) {
    case 'heading':
      return `<h${block.level ?? 2}${attribute('id', block.id)}>${htmlText(block.text)}</h${block.level ?? 2}>`;
    case 'summary':
      return `<p${attribute('class', block.tone ? `summary ${block.tone}` : 'summary')}>${htmlLine(block.text)}</p>`;
    case 'paragraph':
      return `<p>${htmlLine(block.text)}</p>`;
    case 'list':
      return `<ul>${block.items.map((item) => `<li>${htmlLine(item)}</li>`).join('')}</ul>`;
    case 'facts':
      return `<dl>${block.rows.map(([name, value]) => `<dt>${htmlText(name)}</dt><dd>${htmlLine(value)}</dd>`).join('')}</dl>`;
    case 'table':
      return table(block);
    case 'details':
      return `<details><summary>${htmlText(block.summary)}</summary>${block.blocks.map(html).join('\n')}</details>`;
    case 'charts':
      return [
        chartLegend(block.charts.map(({ drawing }) => drawing)),
        ...block.charts.map(({ drawing }) => `<figure>${svgChart(drawing, IN_PAGE)}</figure>`),
      ].join('\n');
    case 'code':
      return `<pre tabindex="0"><code>${htmlText(block.text.trimEnd())}</code></pre>`;
  }
}

const attribute = (name: string, value: string | undefined): string =>
  value === undefined ? '' : ` ${name}="${htmlText(value)}"`;

/** `write`: how texts are written. */
const htmlLine = (line: ReportLine, write = htmlText): string =>
  inlines(line)
    .map((one) => {
      if (typeof one === 'string') return write(one);
      if ('code' in one) return `<code>${write(one.code)}</code>`;
      if ('strong' in one) return `<strong${attribute('class', one.tone)}>${write(one.strong)}</strong>`;
      if (one.to !== undefined) return `<a href="#${htmlText(one.to)}">${write(one.text)}</a>`;
      return `<span${attribute('class', one.tone)}>${write(one.text)}</span>`;
    })
    .join('');

/** The first cell of a row names it. A wide table scrolls by itself, by keys too. */
function table({ head, rows, figures = [] }: ReportTable): string {
  const kind = (column: number): string => (figures.includes(column) ? ' class="figure"' : '');
  const titles = head.map((title, i) => `<th scope="col"${kind(i)}>${htmlText(title)}</th>`).join('');
  const body = rows.map(
    ([name = '', ...cells]) =>
      `<tr><th scope="row"${kind(0)}>${htmlLine(name, htmlCellText)}</th>${cells.map((cell, i) => `<td${kind(i + 1)}>${htmlLine(cell, htmlCellText)}</td>`).join('')}</tr>`,
  );
  return `<div class="table" tabindex="0" role="group"><table><thead><tr>${titles}</tr></thead><tbody>${body.join('\n')}</tbody></table></div>`;
}
