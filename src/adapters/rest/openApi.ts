import { ANOMALIES } from '../../core/faults/catalogue';
import apiSchemas from './apiSchemas.json';

type Json = Readonly<Record<string, unknown>>;

const ref = (name: string): Json => ({ $ref: `#/components/schemas/${name}` });
const list = (items: Json): Json => ({ type: 'array', items });
const text = { type: 'string' };
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

/** As types/index.d.ts has them; what the catalogue of anomalies knows besides is written into the request. */
function schemas(): Json {
  const { StartAnomaly: request, ...answers } = apiSchemas;
  const { type, parameters } = request.properties;
  const strengths = ANOMALIES.map(
    (one) => `${one.type}: ${one.parameters.map(({ id, default: usual }) => `${id} (${usual})`).join(', ')}.`,
  );
  return {
    StartAnomaly: {
      ...request,
      properties: {
        ...request.properties,
        type: { ...type, enum: ANOMALIES.map((one) => one.type) },
        parameters: { ...parameters, description: `${parameters.description} ${strengths.join(' ')}` },
      },
    },
    ...answers,
    Problem: {
      type: 'object',
      properties: { code: text, detail: text, hint: text },
      required: ['code', 'detail'],
    },
  };
}
