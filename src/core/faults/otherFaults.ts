import { RISKS } from './risks';
import { HOUR, MINUTE } from '../time/duration';
import { fault, parameter, type FaultParameter, type FaultDefinition } from './definition';

const http = (...own: FaultParameter[]): FaultParameter[] => [
  parameter('port', 'Port', 'Port of the HTTP server in the pod; 8088 is obagent’s.', 'integer', 8088, {
    min: 1,
    max: 65_535,
  }),
  parameter('target', 'At', 'Whether requests or responses are hit.', 'choice', 'Request', {
    choices: ['Request', 'Response'],
  }),
  parameter('path', 'Path', 'Pattern of the paths that are hit, such as /metrics/*.', 'text', '*'),
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
      parameter('offset', 'Offset', 'How far the clock is ahead, such as 30s; -10m is behind.', 'offset', '30s', {
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
    description: 'Names that the database container looks up are not found.',
    kind: 'DNSChaos',
    parameters: [
      parameter(
        'patterns',
        'Names',
        'Names or patterns such as db.example.com or *.svc, with commas; empty is all.',
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
    description: 'Connections to an HTTP server in the pod are broken off.',
    kind: 'HTTPChaos',
    parameters: http(),
    risk: RISKS.http,
  }),
  fault({
    type: 'http_delay',
    title: 'HTTP delay',
    description: 'Requests to an HTTP server in the pod, or its responses, are held back.',
    kind: 'HTTPChaos',
    parameters: http(parameter('delay', 'Delay', 'Delay of each.', 'duration', '1s', { min: 1, max: 10 * MINUTE })),
    presets: [
      { title: 'Mild', parameters: { delay: '100ms' } },
      { title: 'Severe', parameters: { delay: '30s' } },
    ],
    risk: RISKS.http,
  }),
];
