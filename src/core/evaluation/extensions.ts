import type { ExperimentSpan } from '../experiments/spans';

/**
 * The spans with each experiment of ours and its extensions as one, in the order of their beginning: a longer duration
 * takes a clone, but it is the same fault. Such a span is the newest one's, from the first one's begin on.
 */
export function withExtensions(spans: readonly ExperimentSpan[]): ExperimentSpan[] {
  const byName = new Map(spans.map((span) => [nameOf(span, span.ref.name), span]));
  const before = new Map<ExperimentSpan, ExperimentSpan>();
  const extended = new Set<ExperimentSpan>();
  for (const span of spans) {
    const old = span.continues === undefined ? undefined : byName.get(nameOf(span, span.continues));
    // The name is an annotation, which anybody may write: what began later is not taken for what came before.
    if (!old?.ours || !span.ours || old.label !== span.label || old.fromMs >= span.fromMs || extended.has(old))
      continue;
    before.set(span, old);
    extended.add(old);
  }
  return spans
    .filter((span) => !extended.has(span))
    .map((span) => {
      const earlier: ExperimentSpan[] = [];
      for (let old = before.get(span); old; old = before.get(old)) earlier.unshift(old);
      const [first] = earlier;
      if (!first) return span;
      const nodes = [...new Set([...earlier, span].flatMap((one) => one.nodes))];
      return { ...span, nodes, fromMs: first.fromMs, earlier };
    })
    .sort((a, b) => a.fromMs - b.fromMs);
}

const nameOf = ({ ref }: ExperimentSpan, name: string): string => `${ref.kind}/${ref.namespace}/${name}`;
