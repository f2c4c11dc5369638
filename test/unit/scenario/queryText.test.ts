import { expect, it } from 'vitest';
import { unbalanced } from '../../../src/core/scenario/queryText';

it.each<[string, string | undefined]>([
  ['sum(rate(foo[1m]))', undefined],
  ['sum by (pod) ({"http.time", pod=~"db-(0|1"}) # ((', undefined],
  ['up{a=\'(\', b=`\\`, c="\\"("}', undefined],
  ['WITH (x = up{a="b"}) sum(x) keep_metric_names', undefined],
  ['# one (\nsum(up)', undefined],
  ['sum(rate(foo[1m])', 'The query has a "(" that is not closed.'],
  ['sum(up))', 'The query has a ")" that closes nothing.'],
  ['rate(foo[1m)]', 'The query has a ")" that closes nothing.'],
  ['up{a="b}', 'The query has a " that is not closed.'],
])('%s: %s', (query, mistake) => {
  const found = unbalanced(query);
  expect(found === undefined ? undefined : String(found)).toBe(mistake);
});
