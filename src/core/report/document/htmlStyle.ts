/** Colours of a scheme: of the page, and of what the charts draw. */
interface Scheme {
  text: string;
  muted: string;
  surface: string;
  raised: string;
  line: string;
  grid: string;
  span: string;
  broken: string;
  good: string;
  doubt: string;
}

export const LIGHT: Scheme = {
  text: '#1f1f1f',
  muted: '#595959',
  surface: '#ffffff',
  raised: '#f5f5f5',
  line: '#d4d4d4',
  grid: '#e2e2e2',
  span: '#b87900',
  broken: '#b3261e',
  good: '#187033',
  doubt: '#7d5200',
};
export const DARK: Scheme = {
  text: '#e4e4e4',
  muted: '#a8a8a8',
  surface: '#1f1f1f',
  raised: '#2a2a2a',
  line: '#4a4a4a',
  grid: '#3a3a3a',
  span: '#e69f00',
  broken: '#ff8a80',
  good: '#6fcf7f',
  doubt: '#f0b429',
};

const variables = (scheme: Scheme, nodes: readonly string[]): string =>
  [
    ...Object.entries(scheme).map(([name, colour]) => `--${name}:${colour};`),
    ...nodes.map((colour, i) => `--node-${i}:${colour};`),
  ].join('');

/** The page's style: both schemes, and paper, which is light. */
export function htmlStyle(nodes: readonly { onWhite: string; onDark: string }[]): string {
  const light = variables(
    LIGHT,
    nodes.map(({ onWhite }) => onWhite),
  );
  const dark = variables(
    DARK,
    nodes.map(({ onDark }) => onDark),
  );
  return `
:root{color-scheme:light dark;${light}}
@media screen and (prefers-color-scheme:dark){:root{${dark}}}
body{margin:0;background:var(--surface);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",Roboto,"Noto Sans CJK SC","PingFang SC","Microsoft YaHei",sans-serif}
main{max-width:60rem;margin:0 auto;padding:2rem 1.25rem 4rem}
h1{font-size:1.6rem;line-height:1.25;margin:0 0 1rem;overflow-wrap:anywhere}
h2{font-size:1.2rem;margin:2.25rem 0 .75rem;padding-top:.75rem;border-top:1px solid var(--line)}
h3{font-size:1.02rem;margin:1.5rem 0 .5rem}
.good{--tone:var(--good);color:var(--tone)}
.bad{--tone:var(--broken);color:var(--tone)}
.doubt{--tone:var(--doubt);color:var(--tone)}
.good,.bad,.doubt{white-space:nowrap}
.summary{color:var(--text);white-space:normal;font-size:1.08rem;margin:0 0 1.25rem;padding:.75rem 1rem;background:var(--raised);border-left:4px solid var(--tone,var(--node-0))}
a{color:inherit;text-underline-offset:.15em}
p,li,dd{overflow-wrap:anywhere}
dl{display:grid;grid-template-columns:max-content 1fr;gap:.25rem 1.25rem;margin:0}
dt{color:var(--muted)}
dd{margin:0}
code,pre{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,monospace;font-size:.88em}
pre{padding:.75rem 1rem;overflow:auto;background:var(--raised)}
.table{overflow-x:auto}
dl+.table{margin-top:1.25rem}
table{border-collapse:collapse;width:100%;font-size:.93rem}
th,td{padding:.35rem .75rem .35rem 0;text-align:left;vertical-align:top;border-bottom:1px solid var(--line)}
thead th{color:var(--muted);font-weight:600;white-space:nowrap}
tbody th{font-weight:400}
.figure{text-align:right;font-variant-numeric:tabular-nums;white-space:nowrap}
.legend{display:flex;flex-wrap:wrap;gap:.25rem 1.25rem;list-style:none;margin:0 0 .75rem;padding:0;font-size:.9rem}
.legend svg{vertical-align:middle;margin-right:.4rem}
figure{margin:0 0 1rem;break-inside:avoid}
figure svg{display:block;width:100%;height:auto}
summary{cursor:pointer;margin:.75rem 0}
:focus-visible{outline:2px solid var(--node-0);outline-offset:2px}
@media(max-width:40rem){dl{grid-template-columns:1fr}dd{margin-bottom:.5rem}}
@media print{main{max-width:none;padding:0}body{font-size:10.5pt}h2,h3{break-after:avoid}tr{break-inside:avoid}pre{white-space:pre-wrap}.table{overflow:visible}details::details-content{content-visibility:visible;display:block}summary{display:none}}
`;
}
