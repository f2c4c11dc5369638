import { isMap, isNode, isScalar, LineCounter, type Document } from 'yaml';
import { msg, type Text } from '../../core/base/text';
import { formatDuration } from '../../core/time/duration';
import type { ScenarioIssue } from '../../core/scenario/issues';
import { readScenario } from '../../core/scenario/readScenario';
import { SCENARIO_API_VERSION, SCENARIO_KIND, type Scenario, type TargetChoice } from '../../core/scenario/scenario';
import type { ScenarioLanguage, ScenarioText, TextIssue } from '../../core/scenario/text';
import { readDocuments } from '../yaml/documents';
import { writeYaml } from '../yaml/write';
import { plainValues } from './plainValues';
import { writtenExpectation } from './writtenExpectation';

const MOST_ISSUES = 100;

/** Scenario files as YAML. */
export const scenarioLanguage: ScenarioLanguage = { read, write };

function read(text: string): ScenarioText {
  const lines = new LineCounter();
  for (let at = 0; at >= 0; at = text.indexOf('\n', at) + 1 || -1) lines.addNewLine(at);
  const at = (message: Text, start: number, end: number): TextIssue => {
    const from = lines.linePos(Math.min(start, text.length));
    const to = lines.linePos(Math.min(Math.max(end, start + 1), text.length));
    return {
      message,
      line: Math.max(0, from.line - 1),
      column: Math.max(0, from.col - 1),
      endLine: Math.max(0, to.line - 1),
      endColumn: Math.max(0, to.col - 1),
    };
  };
  const refused = (message: Text, start = 0): ScenarioText => ({
    scenario: undefined,
    issues: [at(message, start, start + 1)],
    expectationLines: [],
  });
  try {
    const { documents, problems } = readDocuments(text);
    const [first, second] = documents;
    // Aliases are refused below, whatever they would become.
    const wrong = [...problems, ...(first && first.targets.size === 0 ? first.problems : [])];
    if (wrong.length > 0)
      return {
        scenario: undefined,
        issues: wrong.map(({ message, start, end }) => at(message, start, end)),
        expectationLines: [],
      };
    if (!first) return refused(EMPTY);
    if (second) return refused('A scenario file must contain one document.', second.document.range[0]);
    const { document } = first;
    const issues: ScenarioIssue[] = [];
    const content = plainValues(document, (path, message) => issues.push({ path, message }));
    const reading = issues.length > 0 ? { scenario: undefined, issues } : readScenario(content);
    return {
      scenario: reading.scenario,
      issues: reading.issues.slice(0, MOST_ISSUES).map(({ path, message, onName, meant }) => ({
        ...at(message, ...rangeOf(document, path, onName)),
        ...(meant === undefined ? {} : { meant }),
      })),
      expectationLines: (reading.scenario?.expect ?? []).map((_, i) => {
        const node = document.getIn(['expect', i], true);
        const [start] = (isNode(node) && node.range) || [0];
        return at('', start, start).line;
      }),
    };
  } catch (error) {
    return refused(error instanceof Error ? error.message : String(error));
  }
}

const EMPTY = msg`The file is empty. A scenario must start with "apiVersion: ${SCENARIO_API_VERSION}" and "kind: ${SCENARIO_KIND}".`;

/** Where a path stands: its value, else its name, else what holds it. */
function rangeOf(document: Document, path: readonly (string | number)[], onName = false): [number, number] {
  for (let length = path.length; length >= 0; length--) {
    const node = length === 0 ? document.contents : document.getIn(path.slice(0, length), true);
    const key = keyRange(document, path.slice(0, length));
    if (key && onName) return key;
    if (isNode(node) && node.range) {
      // A whole list or map would mark the rest of the file: its name, or its first line, says enough.
      if (isScalar(node)) return [node.range[0], node.range[1]];
      return key ?? [node.range[0], node.range[0] + 1];
    }
    if (key) return key;
  }
  return [0, 1];
}

function keyRange(document: Document, path: readonly (string | number)[]): [number, number] | undefined {
  const name = path.at(-1);
  if (typeof name !== 'string') return undefined;
  const parent = path.length === 1 ? document.contents : document.getIn(path.slice(0, -1), true);
  if (!isMap(parent)) return undefined;
  const key = parent.items.find((pair) => isScalar(pair.key) && String(pair.key.value) === name)?.key;
  return isScalar(key) && key.range ? [key.range[0], key.range[1]] : undefined;
}

/** A scenario as its file. */
function write(scenario: Scenario): string {
  const target = (one: TargetChoice): unknown => ('pod' in one ? one.pod : one);
  return writeYaml({
    apiVersion: SCENARIO_API_VERSION,
    kind: SCENARIO_KIND,
    name: scenario.name,
    ...(scenario.description === undefined ? {} : { description: scenario.description }),
    onFailure: scenario.onFailure,
    steps: scenario.steps.map((step) => ({
      name: step.name,
      anomaly: step.anomaly,
      targets: step.targets.map(target),
      ...(step.peers === undefined ? {} : { peers: step.peers.map(target) }),
      parameters: step.parameters,
      offset: formatDuration(step.offsetMs),
      ...(step.durationMs === undefined ? {} : { duration: formatDuration(step.durationMs) }),
    })),
    ...(scenario.expect === undefined ? {} : { expect: scenario.expect.map(writtenExpectation) }),
  });
}
