/** A label selector as `kubectl -l` takes it, in a Chaos Mesh selector's words. Parts that it cannot say are left out. */
export function selectorOf(labelSelector: string): {
  labelSelectors?: Record<string, string>;
  expressionSelectors?: { key: string; operator: string; values?: string[] }[];
} {
  const labels: Record<string, string> = {};
  const expressions: { key: string; operator: string; values?: string[] }[] = [];
  for (const given of labelSelector.split(/,(?![^(]*\))/)) {
    const part = given.trim();
    const list = /^(\S+)\s+(in|notin)\s+\(([^)]*)\)$/.exec(part);
    const equal = /^([^=!\s]+)\s*={1,2}\s*(\S*)$/.exec(part);
    const unequal = /^([^=!\s]+)\s*!=\s*(\S*)$/.exec(part);
    if (list) {
      const values = (list[3] as string).split(',').map((one) => one.trim());
      expressions.push({ key: list[1] as string, operator: list[2] === 'in' ? 'In' : 'NotIn', values });
    } else if (equal) labels[equal[1] as string] = equal[2] as string;
    else if (unequal)
      expressions.push({ key: unequal[1] as string, operator: 'NotIn', values: [unequal[2] as string] });
    else if (/^!\S+$/.test(part)) expressions.push({ key: part.slice(1), operator: 'DoesNotExist' });
    else if (/^[^\s=!()]+$/.test(part)) expressions.push({ key: part, operator: 'Exists' });
  }
  return {
    ...(Object.keys(labels).length > 0 ? { labelSelectors: labels } : {}),
    ...(expressions.length > 0 ? { expressionSelectors: expressions } : {}),
  };
}
