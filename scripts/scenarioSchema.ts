import { METRICS } from '../src/core/metrics/catalogue';
import { SUBJECTS } from '../src/core/scenario/expectationKeys';
import { MOST_EXPECTATIONS } from '../src/core/scenario/readExpectations';
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
      expect: {
        type: 'array',
        maxItems: MOST_EXPECTATIONS,
        items: expectation(name),
        description: 'What the database is expected to bear. With expectations the scenario is a resilience test.',
      },
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

/** One expectation: exactly one of a metric or query with a bound, a recovery, a diagnosis, or a count of pods or events. */
function expectation(name: Schema): Schema {
  const source = {
    metric: { enum: METRICS.map(({ id }) => id), description: 'A canonical metric.' },
    query: { type: 'string', minLength: 1, maxLength: 1000, description: 'PromQL that gives one series.' },
    of: { enum: ['database', 'targets', 'others'], default: 'database', description: 'Whose samples.' },
    aggregate: { enum: ['sum', 'mean', 'min', 'max'], description: 'How the samples of several nodes become one.' },
  };
  const share = { type: 'string', pattern: '^\\d+(\\.\\d+)?\\s*%$' };
  const time = { type: 'string', pattern: TIME };
  const abort = { type: 'boolean', default: false, description: 'Ends everything when it is broken during the fault.' };
  const count = { type: 'integer', minimum: 0, default: 0, description: 'How many at most.' };
  const pods = (description: string): Schema => ({
    type: 'object',
    additionalProperties: false,
    properties: { max: count },
    description,
  });
  const reason = {
    type: 'string',
    pattern: '^[A-Za-z][\\w.-]*$',
    examples: ['BackOff', 'Unhealthy', 'FailedScheduling', 'Evicted', 'Killing'],
  };
  const named = { ...name, maxLength: 1000, description: 'Unique in the scenario.' };
  return {
    type: 'object',
    additionalProperties: false,
    properties: {
      name: named,
      ...source,
      min: { type: 'number', description: 'The lowest value, in the unit of the metric.' },
      max: { type: 'number', description: 'The highest value, in the unit of the metric.' },
      within: { ...share, description: 'How far from its own baseline at most, up or down.' },
      'at-least': { ...share, description: 'The lowest share of its own baseline.' },
      'at-most': { ...share, description: 'The highest share of its own baseline.' },
      during: {
        enum: ['before', 'fault', 'recovery', 'always'],
        default: 'fault',
        description: 'When it holds: in the steady state, while faults are injected, after them, or all the time.',
      },
      for: { ...time, description: 'A breach that is shorter is tolerated.' },
      abort,
      recovers: {
        type: 'object',
        additionalProperties: false,
        properties: {
          ...source,
          to: { ...share, description: 'How near to its baseline.' },
          within: { ...time, description: 'How long after the end of the last fault.' },
        },
        description: 'After the faults, samples are back near their baseline in time.',
      },
      diagnosis: {
        type: 'object',
        additionalProperties: false,
        properties: {
          names: { enum: ['injected'] },
          within: { ...time, description: 'How long after its injection each fault is named.' },
          'no-other': { type: 'boolean', description: 'Nothing else is named.' },
        },
        description: 'The diagnosis names every injected fault on its node.',
      },
      restarts: pods('At most so many restarts of the database pods since the start.'),
      notReady: pods('At most so many database pods are not ready at once.'),
      oomKills: pods('At most so many containers of the database pods are killed for lack of memory since the start.'),
      events: {
        type: 'object',
        additionalProperties: false,
        properties: {
          type: { enum: ['Warning', 'Normal', 'any'], default: 'Warning', description: 'The type of the events.' },
          reason: {
            description: 'Only events with this reason, or one of these.',
            anyOf: [reason, { type: 'array', maxItems: 20, items: reason }],
          },
          max: count,
        },
        description: 'At most so many Kubernetes events of the database pods since the start.',
      },
    },
    oneOf: SUBJECTS.map((key) => ({ required: [key] })),
  };
}

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
