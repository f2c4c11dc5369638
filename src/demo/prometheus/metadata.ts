import { HELP, typeOf } from '../simulator/families';
import type { SeriesStore } from './store';
import { QueryError } from './syntax';

/** Type and help of each metric, `metric` and `limit` honoured, as `/api/v1/metadata` answers. */
export function metadataOf(store: SeriesStore, parameters: URLSearchParams): Record<string, unknown> {
  const limit = parameters.get('limit') ?? '';
  if (!/^-?\d*$/.test(limit)) throw new QueryError('limit must be a number');
  const wanted = parameters.get('metric') ?? '';
  const names = [...new Set(store.all().map(({ labels }) => labels['__name__'] as string))]
    .filter((name) => name !== 'up' && (wanted === '' || name === wanted))
    .slice(0, limit === '' || Number(limit) < 0 ? undefined : Number(limit));
  return Object.fromEntries(
    names.map((name) => {
      const type = typeOf(name);
      return [name, [{ type: type === 'untyped' ? 'unknown' : type, help: HELP[name] ?? '', unit: '' }]];
    }),
  );
}
