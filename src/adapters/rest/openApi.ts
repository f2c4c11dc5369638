import { ANOMALIES } from '../../core/faults/catalogue';

type Json = Readonly<Record<string, unknown>>;

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const list = (items: Json): Json => ({ type: 'array', items });
const text = { type: 'string' };
const orNull = (type: string): Json => ({ type: [type, 'null'] });
const object = (properties: Json, required: readonly string[], more: Json = {}): Json => ({
  type: 'object',
  properties,
  required,
  ...more,
});

/** The description of the REST API (OpenAPI 3.1.0), written from the catalogue of anomalies. */
export function openApi(version: string, url: string): OpenApiDocument {
  return {
    openapi: '3.1.0',
    info: {
      title: 'DistDiag',
      version,
      description:
        "Injects anomalies into the database that the editor is connected to, and reads its metrics, ranks and diagnosis. The editor's guards hold here too: protected contexts and namespaces, the checks of targets, strengths and durations, and an end for every anomaly.",
    },
    servers: [{ url }],
    security: [{ bearer: [] }],
    paths: {
      '/api/anomaly/start': {
        post: operation(
          'startAnomaly',
          'Inject an anomaly',
          'Answers when every target is injected. Without "pods" one pod that runs and is ready is chosen; the answer names it. Without "duration" the setting distdiag.injection.defaultDuration holds.',
          ref('StartedAnomaly'),
          {
            requestBody: {
              required: true,
              content: {
                'application/json': { schema: ref('StartAnomaly'), example: { type: 'cpu_stress', duration: '3m' } },
              },
            },
          },
        ),
      },
      '/api/anomaly/stop': {
        post: operation(
          'stopAllAnomalies',
          'Stop every anomaly of ours',
          'Stops everything that DistDiag started in this cluster, from whichever editor. Answers when it is gone; what is not is named in `left`.',
          ref('Stopped'),
        ),
      },
      '/api/anomaly/ranks': {
        get: operation(
          'getAnomalyRanks',
          'Anomaly ranks',
          'How anomalous the cluster and each node were.',
          list(ref('RanksRow')),
        ),
      },
      '/api/metrics': {
        get: operation('getMetrics', 'Metrics', 'The mean over the nodes at each step.', list(ref('MetricsRow'))),
      },
      '/api/diagnosis': {
        get: operation('diagnose', 'Diagnosis', 'Which node has which anomaly in the newest window.', ref('Diagnosis')),
      },
      '/api/experiments': {
        get: operation(
          'listExperiments',
          'Experiments',
          'Every Chaos Mesh experiment, whoever started it.',
          list(ref('Experiment')),
        ),
      },
    },
    components: { securitySchemes: { bearer: { type: 'http', scheme: 'bearer' } }, schemas: schemas() },
  };
}

/** As much of an OpenAPI document as its page shows. */
export interface OpenApiDocument extends Json {
  info: { title: string; version: string; description: string };
  paths: Readonly<Record<string, Readonly<Record<string, OpenApiOperation>>>>;
}

/** One method of one path. */
export interface OpenApiOperation {
  operationId: string;
  summary: string;
  description: string;
  requestBody?: { required: boolean; content: { 'application/json': { schema: Json; example: unknown } } };
  responses: Json;
}

const REFUSALS = {
  '401': 'The token is missing or wrong.',
  '403': 'Refused by the cluster, or asked for by another page.',
  '422': 'Refused: the request, a guard or the cluster says why. Nothing was changed.',
  '502': 'The cluster or its Prometheus did not do it, or did not answer.',
};

function operation(
  operationId: string,
  summary: string,
  description: string,
  answer: Json,
  more: Pick<OpenApiOperation, 'requestBody'> & Json = {},
): OpenApiOperation {
  const json = (schema: Json): Json => ({ 'application/json': { schema } });
  return {
    operationId,
    summary,
    description,
    ...more,
    responses: {
      '200': { description: 'Done.', content: json(answer) },
      ...Object.fromEntries(
        Object.entries(REFUSALS).map(([status, why]) => [status, { description: why, content: json(ref('Problem')) }]),
      ),
    },
  };
}

function schemas(): Json {
  return {
    StartAnomaly: object(
      {
        type: { type: 'string', enum: ANOMALIES.map(({ type }) => type) },
        pods: { ...list(text), minItems: 1, description: 'Pods of the database, by name.' },
        duration: { ...text, description: 'A Go duration.', examples: ['90s', '3m'] },
        parameters: {
          type: 'object',
          additionalProperties: { type: ['string', 'number'] },
          description: ANOMALIES.map(
            ({ type, parameters }) =>
              `${type}: ${parameters.map(({ id, default: usual }) => `${id} (${usual})`).join(', ')}.`,
          ).join(' '),
        },
      },
      ['type'],
      { additionalProperties: false },
    ),
    StartedAnomaly: object(
      {
        kind: text,
        namespace: text,
        name: text,
        pods: list(text),
        durationMs: { type: 'number' },
        warnings: list(text),
      },
      ['kind', 'namespace', 'name', 'pods', 'durationMs', 'warnings'],
    ),
    Stopped: object(
      {
        stopped: { type: 'integer' },
        failed: { type: 'integer' },
        left: list(
          object({ kind: text, namespace: text, name: text, reason: text }, ['kind', 'namespace', 'name', 'reason']),
        ),
      },
      ['stopped', 'failed'],
    ),
    RanksRow: object(
      {
        timestamp: { type: 'string', format: 'date-time' },
        rank: { ...orNull('number'), minimum: 0, maximum: 1 },
        nodes: { type: 'object', additionalProperties: orNull('number') },
      },
      ['timestamp', 'rank', 'nodes'],
    ),
    MetricsRow: object(
      {
        timestamp: { type: 'string', format: 'date-time' },
        cpu: orNull('number'),
        memory: orNull('number'),
        network: orNull('number'),
      },
      ['timestamp'],
      { additionalProperties: { type: ['number', 'string', 'null'] } },
    ),
    Diagnosis: object(
      {
        from: { type: 'number', description: 'First step of the window, epoch milliseconds.' },
        at: { type: 'number', description: 'Last step of the window, epoch milliseconds.' },
        healthy: { type: 'boolean', description: 'No anomaly was detected: the same as the state "normal".' },
        state: {
          type: 'string',
          enum: ['collecting', 'unknown', 'normal', 'anomalous'],
          description:
            'collecting: there will be an answer soon; unknown: samples are missing; normal: no anomaly in fresh samples of every node.',
        },
        reason: { ...text, description: 'Why there is no answer, or what an answer leaves out.' },
        since: { type: 'number', description: 'The newest sample that was looked at, epoch milliseconds.' },
        readyInMs: { type: 'number', description: 'While collecting: about how long until there is an answer.' },
        unknownNodes: list(object({ node: text, reason: text }, ['node', 'reason'])),
        clusterRank: { type: 'number' },
        insufficient: text,
        ranking: list(
          object(
            {
              node: text,
              type: text,
              probability: { type: 'number' },
              named: { type: 'boolean' },
              reasons: { type: 'array' },
            },
            ['node', 'type', 'probability', 'named'],
          ),
        ),
      },
      ['at', 'healthy', 'state', 'unknownNodes', 'ranking', 'clusterRank'],
    ),
    Experiment: object(
      {
        kind: text,
        namespace: text,
        name: text,
        anomaly: text,
        ours: { type: 'boolean' },
        phase: text,
        summary: text,
        pods: list(text),
        timeLeftMs: { type: 'number' },
      },
      ['kind', 'namespace', 'name', 'ours', 'phase', 'summary', 'pods'],
    ),
    Problem: object({ code: text, detail: text, hint: text }, ['code', 'detail']),
  };
}
