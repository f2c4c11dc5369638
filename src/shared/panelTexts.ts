/**
 * What the panel's page says by itself, in English. The host gives the page each text in the editor's language, so the
 * page needs no bundle; names of metrics come the same way.
 */
export const PANEL_TEXTS = [
  // toolbar
  'Panel',
  'Nodes',
  'Time range',
  'Last {0} h',
  'Last {0} min',
  'Live',
  'All metrics',
  'Tables',
  'Stop all…',
  'Diagnose now',
  'Inject anomaly…',
  'Loading…',
  'Updated {0}',
  'Paused',
  'Paused at {0}',
  'Not up to date since {0}',
  'No data',
  'Not connected',
  'Retry',
  // charts and tables
  'Anomaly rank',
  'How anomalous each node is, 0 to 1, at every moment of the window.',
  'no data',
  'Highest now: {0}',
  'Node',
  'Now',
  'Min',
  'Mean',
  'Max',
  '{0} · profile {1} · step {2} s',
  // diagnosis
  'Diagnosis',
  'Injected',
  'No diagnosis yet',
  'Not enough data',
  'Nothing is wrong',
  '1 anomaly found',
  '{0} anomalies found',
  'As of {0}, not now.',
  '{0} on {1}',
  'over',
  'by others',
  'No experiment acts on these nodes.',
  'Answered by {0}',
  'Answered by {0} ({1})',
  'Probability {0}',
  'Show the chart',
  'Every node behaves as in its own normal stretch.',
  'An experiment has just begun: the diagnosis needs about a minute of its data.',
  'An experiment acts, but every node behaves as in its own normal stretch.',
] as const;

/** One of the page's own texts, by its English. */
export type PanelText = (typeof PANEL_TEXTS)[number];

/** English to the editor's language; a text that is not there stays English. */
export type Translations = Readonly<Record<string, string>>;

/** Id of the element that holds the translations as JSON. */
export const TRANSLATIONS_ID = 'translations';
