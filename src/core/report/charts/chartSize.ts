/** Width of every chart in a report, CSS pixels. */
export const CHART_WIDTH = 720;
/** Height of every chart in a report, CSS pixels. */
export const CHART_HEIGHT = 240;
