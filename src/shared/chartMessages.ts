import { pngOf } from './png';

/** Windows that the panel offers, milliseconds: 5 minutes to 24 hours. */
export const RANGES_MS = [5, 15, 30, 60, 180, 360, 720, 1440].map((minutes) => minutes * 60_000);

/** The shortest stretch that can be shown, milliseconds. */
export const LEAST_RANGE_MS = 60_000;
/** The longest stretch that can be shown, milliseconds. */
export const MOST_RANGE_MS = 31 * 86_400_000;
/** The longest query of one's own. */
const MAX_QUERY = 4000;
/** The largest picture that is taken from the page. */
const MAX_IMAGE_BYTES = 16 * 1024 * 1024;
/** Names that are offered to complete a query. */
export const MAX_NAMES = 50;

/** The longest name of a chart of one's own. */
export const MAX_TITLE = 80;
/** Units that a chart of one's own can have. */
export const OWN_UNITS = ['cores', 'bytes', 'bytesPerSecond', 'perSecond', 'seconds', 'ratio'] as const;

/** What the user says of a chart of their own. */
export interface OwnChartLook {
  query: string;
  /** '' = the query itself stands above it. */
  title: string;
  unit: (typeof OWN_UNITS)[number] | undefined;
}

/** One series of a chart of the user's own. */
interface OwnLine {
  name: string;
  /** NaN = no sample there. */
  values: Float64Array;
}

/** One of the user's charts, with its newest answer on its own axis. */
export interface OwnChart extends OwnChartLook {
  id: string;
  timestamps: Float64Array;
  lines: readonly OwnLine[];
  /** Series that were left out. */
  left: number;
  /** Why there is nothing, or what Prometheus warned of; with what to do. */
  problem: { message: string; hint: string | undefined } | undefined;
}

/** Host → view, about charts. */
export type ChartHostMessage =
  | { type: 'ownCharts'; charts: readonly OwnChart[] }
  /** The chart that was asked for is kept, or why it is not. */
  | { type: 'chartSaved'; problem: string | undefined }
  | { type: 'metricNames'; id: number; names: readonly string[] };

/** View → host, about charts. */
export type ChartViewMessage =
  | { type: 'setRange'; windowMs: number }
  | { type: 'setStretch'; fromMs: number; toMs: number }
  | { type: 'setPixels'; pixels: number }
  | { type: 'copyQuery'; chart: string }
  | { type: 'metricNames'; id: number; text: string }
  /** A new chart, or another look of one that is there. */
  | ({ type: 'saveChart'; chart: string | undefined } & OwnChartLook)
  | { type: 'removeChart'; chart: string }
  | { type: 'exportData'; format: 'csv' | 'json'; chart: string | undefined }
  | { type: 'exportImage'; name: string; bytes: Uint8Array };

const isChart = (value: unknown): value is string => typeof value === 'string' && /^[\w.:-]{1,100}$/.test(value);
const isWhole = (value: unknown, least: number, most: number): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= least && value <= most;
/** One line or several, but nothing that a terminal or a log would act on. */
// eslint-disable-next-line no-control-regex -- it is what must not be there
const isPlain = (text: string): boolean => !/[\u0000-\u0008\u000b\u000c\u000e-\u001f\u007f]/.test(text);

/** A chart of one's own as a page or a store has it, read as unknown; undefined where it is none. */
export function lookOf({ query, title = '', unit }: Record<string, unknown>): OwnChartLook | undefined {
  const [asked, called] = [query, title].map((one) => (typeof one === 'string' ? one.trim() : undefined));
  if (asked === undefined || asked === '' || asked.length > MAX_QUERY || !isPlain(asked)) return undefined;
  if (called === undefined || called.length > MAX_TITLE || !isPlain(called)) return undefined;
  return { query: asked, title: called, unit: OWN_UNITS.find((one) => one === unit) };
}

/** A message about charts, parsed as unknown input; undefined when it is none. */
export function parseChartMessage(input: Record<string, unknown>): ChartViewMessage | undefined {
  const { type, windowMs, fromMs, toMs, pixels, chart, id, text, format, name } = input;
  switch (type) {
    case 'setRange':
      return typeof windowMs === 'number' && RANGES_MS.includes(windowMs) ? { type, windowMs } : undefined;
    case 'setStretch': {
      if (!isWhole(fromMs, 0, 8.64e15) || !isWhole(toMs, 0, 8.64e15)) return undefined;
      const length = toMs - fromMs;
      return length >= LEAST_RANGE_MS && length <= MOST_RANGE_MS ? { type, fromMs, toMs } : undefined;
    }
    case 'setPixels':
      return isWhole(pixels, 50, 10_000) ? { type, pixels } : undefined;
    case 'copyQuery':
    case 'removeChart':
      return isChart(chart) ? { type, chart } : undefined;
    case 'metricNames':
      return isWhole(id, 0, 1e9) && typeof text === 'string' && text.length <= 200 ? { type, id, text } : undefined;
    case 'saveChart': {
      const look = lookOf(input);
      return look && (chart === undefined || isChart(chart)) ? { type, chart, ...look } : undefined;
    }
    case 'exportData':
      if (format !== 'csv' && format !== 'json') return undefined;
      return chart === undefined || isChart(chart) ? { type, format, chart } : undefined;
    case 'exportImage': {
      const bytes = pngOf(input['bytes'], MAX_IMAGE_BYTES);
      return isChart(name) && bytes ? { type, name, bytes } : undefined;
    }
    default:
      return undefined;
  }
}
