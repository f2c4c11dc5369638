import { AppError } from '../core/base/errors';

/** The option that agrees to act in these clusters. */
export function consentOption(clusters: readonly string[]): string {
  const name = clusters.join(', ');
  return `--confirm-context ${/[\s,]/.test(name) ? `'${name}'` : name}`;
}

/** Throws where what would be hit needs the context's name, and another was given or none; a wrong name is refused always. */
export function requireConsent(given: string | undefined, clusters: readonly string[], grave: readonly string[]): void {
  const name = clusters.join(', ');
  const hint = `To inject anyway, give ${consentOption(clusters)}. Nothing was changed in the cluster.`;
  if (given !== undefined && given !== name)
    throw new AppError(
      'forbidden',
      `--confirm-context ${given} is not the context; it is "${name}".`,
      grave.length > 0 ? { hint: [...grave, hint].join(' ') } : { hint: 'Nothing was changed in the cluster.' },
    );
  if (grave.length > 0 && given === undefined) throw new AppError('forbidden', grave.join(' '), { hint });
}
