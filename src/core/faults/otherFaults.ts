import { RISKS } from './risks';
import { HOUR, MINUTE } from '../time/duration';
import { fault, parameter, type FaultParameter, type FaultDefinition } from './definition';

const http = (...own: FaultParameter[]): FaultParameter[] => [
  parameter('port', 'Port', 'Port of the HTTP server in the pod; obagent uses 8088.', 'integer', 8088, {
    min: 1,
    max: 65_535,
  }),
  parameter('target', 'At', 'Whether requests or responses are affected.', 'choice', 'Request', {
    choices: ['Request', 'Response'],
  }),
  parameter('path', 'Path', 'Pattern of the affected paths, such as /metrics/*.', 'text', '*'),
  ...own,
];

/** Faults of the clock, of names and of HTTP. */
export const OTHER_FAULTS: readonly FaultDefinition[] = [
  fault({
    type: 'clock_skew',
    title: 'Clock skew',
    description: 'The database container sees a wrong time of day.',
    kind: 'TimeChaos',
    parameters: [
      parameter('offset', 'Offset', 'Clock offset: 30s is ahead, -10m is behind.', 'offset', '30s', {
        min: -10 * 365 * 24 * HOUR,
        max: 10 * 365 * 24 * HOUR,
      }),
    ],
    presets: [
      { title: 'Mild', parameters: { offset: '500ms' } },
      { title: 'Severe', parameters: { offset: '-1h' } },
    ],
    risk: RISKS.clock,
    inContainer: true,
  }),
  fault({
    type: 'dns_error',
    title: 'DNS error',
    description: 'DNS lookups from the database container fail.',
    kind: 'DNSChaos',
    parameters: [
      parameter(
        'patterns',
        'Names',
        'Comma-separated names or patterns such as db.example.com or *.svc; empty means all.',
        'text',
        '',
      ),
    ],
    risk: RISKS.dns,
    inContainer: true,
  }),
  fault({
    type: 'http_abort',
    title: 'HTTP abort',
    description: 'Aborts connections to an HTTP server in the pod.',
    kind: 'HTTPChaos',
    parameters: http(),
    risk: RISKS.http,
  }),
  fault({
    type: 'http_delay',
    title: 'HTTP delay',
    description: 'Delays requests to an HTTP server in the pod, or its responses.',
    kind: 'HTTPChaos',
    parameters: http(
      parameter('delay', 'Delay', 'Delay of each request or response.', 'duration', '1s', { min: 1, max: 10 * MINUTE }),
    ),
    presets: [
      { title: 'Mild', parameters: { delay: '100ms' } },
      { title: 'Severe', parameters: { delay: '30s' } },
    ],
    risk: RISKS.http,
  }),
];
