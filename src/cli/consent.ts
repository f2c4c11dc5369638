import { AppError } from '../core/base/errors';

/** Throws where what would be hit needs the context's name, and another was given or none; a wrong name is refused always. */
export function requireConsent(given: string | undefined, clusters: readonly string[], grave: readonly string[]): void {
  const name = clusters.join(', ');
  const hint = `To inject anyway, give --confirm-context ${/[\s,]/.test(name) ? `'${name}'` : name}. Nothing was changed in the cluster.`;
  if (given !== undefined && given !== name)
    throw new AppError(
      'forbidden',
      `--confirm-context ${given} is not the context; it is "${name}".`,
      grave.length > 0 ? { hint: [...grave, hint].join(' ') } : { hint: 'Nothing was changed in the cluster.' },
    );
  if (grave.length > 0 && given === undefined) throw new AppError('forbidden', grave.join(' '), { hint });
}
