import { FAULTS, type FaultParameter } from '../src/core/faults/catalogue';
import { LONGEST_NAME, MOST_STEPS, SCENARIO_API_VERSION, SCENARIO_KIND } from '../src/core/scenario/scenario';

type Schema = Readonly<Record<string, unknown>>;

const TIME = '^(0|(\\d+(\\.\\d+)?(ns|us|µs|ms|s|m|h))+)$';

/** The JSON schema (draft 7) of scenario files, from the catalogue of anomalies. */
export function scenarioSchema(): Schema {
  const name = { type: 'string', minLength: 1, maxLength: LONGEST_NAME };
  return {
    $schema: 'http://json-schema.org/draft-07/schema#',
    title: 'DistDiag scenario: several anomalies injected together',
    type: 'object',
    required: ['apiVersion', 'kind', 'name', 'steps'],
    additionalProperties: false,
    properties: {
      apiVersion: { const: SCENARIO_API_VERSION },
      kind: { const: SCENARIO_KIND },
      name: { ...name, description: 'What the group of its experiments is called.' },
      description: { type: 'string' },
      onFailure: {
        enum: ['stop', 'continue'],
        default: 'stop',
        description: 'What a step that cannot be injected does: "stop" ends and takes back all, "continue" goes on.',
      },
      steps: { type: 'array', minItems: 1, maxItems: MOST_STEPS, items: step(name) },
    },
  };
}

function step(name: Schema): Schema {
  return {
    type: 'object',
    required: ['anomaly', 'targets'],
    additionalProperties: false,
    properties: {
      name: { ...name, description: 'Unique in the scenario; step-1, step-2, … where there is none.' },
      anomaly: { enum: FAULTS.map(({ type }) => type), description: 'What is injected.' },
      targets: {
        description: 'Which pods of the database are hit: all that are named here.',
        anyOf: [{ type: 'array', minItems: 1, maxItems: 100, items: target }, target],
      },
      peers: {
        description: 'The other group of a network partition; all other pods of the database where it is left out.',
        anyOf: [{ type: 'array', minItems: 1, maxItems: 100, items: target }, target],
      },
      parameters: { type: 'object', description: 'Strengths; the default where one is left out.' },
      offset: {
        type: ['string', 'integer'],
        pattern: TIME,
        maximum: 0,
        minimum: 0,
        description: 'When it is injected, counted from the start: 30s, 5m. At once where there is none.',
      },
      duration: {
        type: 'string',
        pattern: TIME,
        description: 'How long it acts: 90s, 5m. The setting distdiag.injection.defaultDuration where there is none.',
      },
    },
    allOf: FAULTS.map(({ type, parameters, needsPeers, oneShot }) => ({
      if: { properties: { anomaly: { const: type } } },
      then: {
        properties: {
          parameters: {
            additionalProperties: false,
            properties: Object.fromEntries(parameters.map((one) => [one.id, parameterSchema(one)])),
          },
          ...(needsPeers ? {} : { peers: false }),
          ...(oneShot ? { duration: false } : {}),
        },
      },
    })),
  };
}

const target: Schema = {
  anyOf: [
    { type: 'string', pattern: '^[a-z0-9]([-a-z0-9.]*[a-z0-9])?$', description: "A pod's name." },
    {
      type: 'object',
      additionalProperties: false,
      minProperties: 1,
      maxProperties: 1,
      properties: {
        pod: { type: 'string' },
        index: { type: 'integer', minimum: 0, description: 'The place among the pods sorted by name; the first is 0.' },
        labels: {
          type: 'object',
          minProperties: 1,
          additionalProperties: { type: 'string' },
          description: 'All pods of the database with these labels.',
        },
      },
    },
  ],
};

function parameterSchema({ kind, description, default: initial, min, max, choices }: FaultParameter): Schema {
  const common = { description, default: initial };
  if (kind === 'choice') return { ...common, enum: choices };
  if (kind !== 'integer') return { ...common, type: ['string', 'number'] };
  return {
    ...common,
    type: 'integer',
    ...(min === undefined ? {} : { minimum: min }),
    ...(max === undefined ? {} : { maximum: max }),
  };
}
