import * as vscode from 'vscode';
import { needsText, type AccessReport } from '../../core/cluster/access';
import { rolesFor, UNKNOWN_USER } from '../../core/cluster/accessRole';

/** The role that is missing, ready to apply, with whom it is for and what for. */
export async function roleDocument(
  { missing, user }: AccessReport,
  where: { context: string; server: string },
  toYaml: (object: unknown) => Promise<string>,
): Promise<string> {
  const who = user ?? UNKNOWN_USER;
  const lines = [
    vscode.l10n.t('What {0} may not do on {1} ({2}), and DistDiag needs:', who, where.context, where.server),
    ...needsText(missing)
      .split('; ')
      .map((need) => `- ${need}`),
    vscode.l10n.t('An administrator of the cluster grants exactly this, and nothing more, with: kubectl apply -f FILE'),
    ...(user === undefined ? [vscode.l10n.t('The server does not tell your name: put it in place of {0}.', who)] : []),
  ];
  const roles = await Promise.all(rolesFor(missing, user).map(toYaml));
  return `${lines.map((line) => `# ${line}\n`).join('')}${roles.join('---\n')}`;
}
