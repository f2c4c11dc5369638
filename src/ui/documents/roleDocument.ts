import * as vscode from 'vscode';
import { needsText, type AccessReport } from '../../core/cluster/access';
import { rolesFor, UNKNOWN_USER } from '../../core/cluster/accessRole';

/** The missing role, ready to apply, with its user and its purpose. */
export async function roleDocument(
  { missing, user }: AccessReport,
  where: { context: string; server: string },
  toYaml: (object: unknown) => Promise<string>,
): Promise<string> {
  const who = user ?? UNKNOWN_USER;
  const lines = [
    vscode.l10n.t('Permissions that {0} lacks on {1} ({2}) and DistDiag needs:', who, where.context, where.server),
    ...needsText(missing)
      .split('; ')
      .map((need) => `- ${need}`),
    vscode.l10n.t('A cluster administrator grants exactly these permissions with: kubectl apply -f FILE'),
    ...(user === undefined
      ? [vscode.l10n.t('The server did not report your user name. Replace {0} with it.', who)]
      : []),
  ];
  const roles = await Promise.all(rolesFor(missing, user).map(toYaml));
  return `${lines.map((line) => `# ${line}\n`).join('')}${roles.join('---\n')}`;
}
