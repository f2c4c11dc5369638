import { looksAmong, nodeLooks, type NodeLook } from '../../core/base/nodeLook';
import type { PanelSnapshot, PanelSpan } from '../../shared/protocol';
import type { PanelGhosts } from '../../shared/testMessages';
import { drawn, shortNames, type Drawn, type Focus } from './focus';
import type { LegendModel } from './legend';
import { scoresOf } from './scores';
import { lineLook, type Theme } from '../theme';

/** How the charts are shown. */
export interface ChartsOptions {
  hidden: ReadonlySet<string>;
  pinned: ReadonlySet<string>;
  experiments: boolean;
  all: boolean;
  tables: boolean;
  log: boolean;
}

/** What all charts share. */
export interface SharedView {
  theme: Theme;
  spans: readonly PanelSpan[];
  /** The time axis of all charts, epoch milliseconds. */
  fromMs: number;
  toMs: number;
  /** Where the newest sample is. */
  newestMs: number;
  looks: ReadonlyMap<string, NodeLook>;
  short: ReadonlyMap<string, string>;
  hidden: ReadonlySet<string>;
  focus: Focus;
  drawn: Drawn;
  log: boolean;
  tables: boolean;
  /** The lines of an earlier run. */
  ghosts: PanelGhosts | undefined;
  /** The time of the crosshair. */
  hoverMs: number | undefined;
}

/** Before the first snapshot. */
export const emptyView = (theme: Theme): SharedView => ({
  theme,
  spans: [],
  fromMs: 0,
  toMs: 1,
  newestMs: 0,
  looks: new Map(),
  short: new Map(),
  hidden: new Set(),
  focus: { anomalous: [], pinned: new Set(), hovered: undefined },
  drawn: { own: new Set(), peers: new Set() },
  log: false,
  tables: false,
  ghosts: undefined,
  hoverMs: undefined,
});

const looksOf = ({ nodes, present = nodes }: Pick<PanelSnapshot, 'nodes' | 'present'>): ReadonlyMap<string, NodeLook> =>
  nodeLooks(present, nodes);

/** The colour of each node in this theme, wherever the page draws it. */
export const coloursOf = (
  snapshot: Pick<PanelSnapshot, 'nodes' | 'present'>,
  theme: Theme,
): ReadonlyMap<string, string> =>
  new Map([...looksOf(snapshot)].map(([node, look]) => [node, lineLook(theme, look).colour]));

/** What the charts and their legend share, from the newest data and choices; `before`: what stays as it is. */
export function shared(
  snapshot: PanelSnapshot,
  { hidden, pinned, experiments, log, tables }: ChartsOptions,
  before: SharedView,
): { view: Omit<SharedView, 'theme' | 'fromMs' | 'toMs' | 'newestMs' | 'hoverMs' | 'ghosts'>; legend: LegendModel } {
  const { spans, nodes, zones = {}, diagnosis, ranks } = snapshot;
  const { scores, anomalous } = scoresOf({ diagnosis, ranks });
  const focus = { anomalous, pinned, hovered: before.focus.hovered };
  const next = drawn(
    nodes.filter((node) => !hidden.has(node)),
    focus,
  );
  const common = {
    looks: looksAmong(looksOf(snapshot), next.own),
    short: shortNames(nodes),
    hidden,
    drawn: next,
  };
  return {
    view: { ...common, spans: experiments ? spans : [], focus, log, tables },
    legend: {
      ...common,
      nodes,
      zones: new Map(Object.entries(zones)),
      scores,
      anomalous,
      pinned,
      theme: before.theme,
    },
  };
}
