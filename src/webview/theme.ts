/** Colours of the editor's theme, read from its variables. */
export interface Theme {
  text: string;
  muted: string;
  grid: string;
  hover: string;
  hoverBorder: string;
  focus: string;
  span: string;
  background: string;
  /** Of what is written on a canvas. */
  font: string;
  lines: readonly string[];
  highContrast: boolean;
}

/** Patterns that tell lines apart without colour. */
const DASHES: readonly (readonly number[])[] = [[], [6, 3], [2, 3], [8, 3, 2, 3], [12, 4], [1, 2]];

/** A third of a colour that is written `#rrggbb`: lines that only guide the eye must not cover the data. */
const faint = (colour: string): string => (/^#[0-9a-f]{6}$/i.test(colour) ? `${colour}55` : colour);

/** Reads the theme as it is now. */
export function readTheme(): Theme {
  const style = getComputedStyle(document.documentElement);
  const read = (fallback: string, ...names: string[]): string => {
    for (const name of names) {
      const value = style.getPropertyValue(`--vscode-${name}`).trim();
      if (value !== '') return value;
    }
    return fallback;
  };
  const highContrast =
    document.body.classList.contains('vscode-high-contrast') ||
    document.body.classList.contains('vscode-high-contrast-light');
  const text = read('#888', 'editor-foreground', 'foreground');
  return {
    text,
    muted: highContrast ? text : read(text, 'descriptionForeground'),
    grid: highContrast
      ? faint(read(text, 'contrastBorder'))
      : read('#8883', 'panel-border', 'widget-border', 'editorWidget-border'),
    hover: read('#000', 'editorHoverWidget-background', 'editor-background'),
    hoverBorder: read(text, 'editorHoverWidget-border', 'contrastBorder'),
    focus: read(text, 'focusBorder'),
    span: read('#cca700', 'editorWarning-foreground', 'charts-yellow'),
    background: read('#1f1f1f', 'editor-background'),
    font: `11px ${getComputedStyle(document.body).fontFamily}`,
    lines: [
      read('#3794ff', 'charts-blue'),
      read('#b180d7', 'charts-purple'),
      read('#89d185', 'charts-green'),
      read('#f14c4c', 'charts-red'),
      read('#e2c08d', 'charts-yellow'),
      read('#d18616', 'charts-orange'),
      text,
    ],
    highContrast,
  };
}

/** Colour and dash of a node's line. */
export function lineLook(theme: Theme, index: number): { colour: string; dash: readonly number[] } {
  const place = Math.max(0, index);
  return {
    colour: theme.lines[place % theme.lines.length] as string,
    dash: theme.highContrast || place >= theme.lines.length ? (DASHES[place % DASHES.length] as readonly number[]) : [],
  };
}

/** Calls back when the editor's theme changes. */
export function onThemeChange(listener: () => void): void {
  new MutationObserver(listener).observe(document.body, {
    attributes: true,
    attributeFilter: ['class', 'data-vscode-theme-id'],
  });
}
