import { isAlias, isMap, isScalar, isSeq, type Node, type Pair, type Scalar, type YAMLMap } from 'yaml';
import { msg } from '../../core/base/text';
import { setting, type KindSchemas, type Path, type RuleFinding } from '../../core/chaosYaml/findings';
import { isMergeKey, isPlain } from '../yaml/values';
import { fieldOf, type Located } from './locate';
import { schemaAt } from './schema';

const MOST_FINDINGS = 100;

/** Places looked up for what a merge wins over: enough for any text that a person writes. */
const MOST_LOOKUPS = 5000;

/** What is written where, if it stands without quotation marks and is read as something else than its text. */
export function sourceOf(node: unknown): string | undefined {
  if (!isScalar(node) || !isPlain(node) || node.tag !== undefined || !node.source) return undefined;
  return String(node.value) === node.source ? undefined : node.source;
}

/** What YAML 1.1 reads in another way than people who know 1.2 expect, in the object of a document that is at `root`. */
export function readingFindings(
  read: Located,
  root: unknown,
  kind: string,
  cluster: KindSchemas | undefined,
): RuleFinding[] {
  const findings: RuleFinding[] = [];
  let lookups = 0;
  const add = (finding: RuleFinding): void => {
    if (findings.length < MOST_FINDINGS) findings.push(finding);
  };
  const visit = (node: unknown, path: Path): void => {
    if (isScalar(node)) {
      const finding = ofValue(node, path, kind, cluster);
      if (finding) add(finding);
    } else if (isSeq(node)) node.items.forEach((item, i) => visit(item, [...path, i]));
    else if (isMap(node)) for (const pair of node.items) visitPair(node, pair, path);
  };
  const visitPair = (map: YAMLMap, pair: Pair, path: Path): void => {
    if (isMergeKey(pair.key)) {
      for (const lost of map.items.slice(0, map.items.indexOf(pair))) {
        const { value: key } = lost.key as Scalar;
        lookups += 1;
        if (lookups > MOST_LOOKUPS || isMergeKey(lost.key)) continue;
        if (fieldOf({ ...map, items: [pair] } as YAMLMap, String(key), read.targets))
          add(lostKey([...path, String(key)]));
      }
      return;
    }
    const key = pair.key as Scalar;
    const at = [...path, String(key.value)];
    const source = sourceOf(key);
    if (source !== undefined) add(otherKey(source, at));
    visit(pair.value, at);
  };
  visit(isAlias(root) ? read.targets.get(root) : (root as Node | undefined), []);
  return findings;
}

function ofValue(node: Scalar, path: Path, kind: string, cluster: KindSchemas | undefined): RuleFinding | undefined {
  const source = sourceOf(node);
  const { value } = node;
  const surprising =
    source !== undefined &&
    ((typeof value === 'number' && /^[-+]?0[\d_]|_/.test(source)) ||
      (typeof value === 'boolean' &&
        !/^(true|false)$/i.test(source) &&
        ![schemaAt(kind, path, cluster)?.type].flat().includes('boolean')));
  if (!surprising) return undefined;
  return {
    code: 'reading',
    severity: typeof value === 'boolean' ? 'warning' : 'information',
    path,
    message: msg`kubectl reads ${source} as ${String(value)}: quote it to make it a string.`,
    fixes: [setting(msg`Write "${source}"`, path, source), setting(msg`Write ${String(value)}`, path, value)],
  };
}

const otherKey = (source: string, path: Path): RuleFinding => ({
  code: 'readingKey',
  severity: 'warning',
  path,
  message: msg`kubectl reads the key ${source} as "${String(path.at(-1))}": quote it to make it a string.`,
  fixes: [{ title: msg`Write "${source}"`, changes: [{ op: 'rename', path, key: source }] }],
});

const lostKey = (path: Path): RuleFinding => ({
  code: 'mergeWins',
  severity: 'warning',
  path,
  message: msg`"${String(path.at(-1))}" comes before "<<", which also sets it: kubectl uses that value.`,
  fixes: [],
});
