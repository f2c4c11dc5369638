import { DASHES, NODE_COLOURS, type NodeLook } from '../core/base/nodeLook';
import { faded } from './charts/chartModel';

/** Colours of the editor's theme, read from its variables. */
export interface Theme {
  text: string;
  muted: string;
  grid: string;
  focus: string;
  span: string;
  /** For broken expectations. */
  error: string;
  background: string;
  /** For text on a canvas. */
  fontFamily: string;
  /** The peers of the nodes in focus. */
  band: string;
  /** In the order of `NODE_COLOURS`. */
  lines: readonly string[];
  highContrast: boolean;
}

/** A `#rrggbb` colour at a third of its opacity: grid lines must not cover the data. */
const faint = (colour: string): string => (/^#[0-9a-f]{6}$/i.test(colour) ? `${colour}55` : colour);

/** Reads the current theme. */
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
    focus: read(text, 'focusBorder'),
    span: read('#cca700', 'editorWarning-foreground', 'charts-yellow'),
    error: read('#f14c4c', 'editorError-foreground', 'errorForeground', 'charts-red'),
    band: highContrast ? text : read(text, 'descriptionForeground'),
    background: read('#1f1f1f', 'editor-background'),
    fontFamily: getComputedStyle(document.body).fontFamily,
    // At full opacity: the editor's charts.orange is two thirds transparent, too faint for a line.
    lines: NODE_COLOURS.map(({ theme, onWhite }) => faded(read(onWhite, theme.replaceAll('.', '-')), 1)),
    highContrast,
  };
}

/** The colour and dash pattern of a line in this theme. */
export const lineLook = (theme: Theme, look: NodeLook): { colour: string; dash: readonly number[] } => ({
  colour: theme.lines[look.colour] ?? theme.text,
  dash: DASHES[theme.highContrast ? look.plainDash : look.dash] ?? [],
});

/** Calls back when the editor's theme changes. */
export function onThemeChange(listener: () => void): void {
  new MutationObserver(listener).observe(document.body, {
    attributes: true,
    attributeFilter: ['class', 'data-vscode-theme-id'],
  });
}
