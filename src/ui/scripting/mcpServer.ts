import path from 'node:path';
import * as vscode from 'vscode';
import type { Disposable } from '../../core/base/disposable';
import type { Config } from '../session/config';
import { withoutUser, type PrometheusCredential, type PrometheusSecrets } from '../session/prometheusSecrets';
import type { SessionManager } from '../session/session';

/** The option that names the server which a credential is for. */
const PROMETHEUS = '--prometheus=';

/** What the definition of the MCP server needs. */
export interface McpServerParts {
  sessions: Pick<SessionManager, 'config' | 'onDidChange'>;
  secrets: Pick<PrometheusSecrets, 'read'>;
  /** The extension's own folder. */
  root: string;
  version: string;
}

/** The id that package.json contributes. */
const PROVIDER = 'distdiag';

/**
 * Offers the command line's MCP server to the editor's agents, on the cluster of this window. It only reads: for actions,
 * the editor's own tools ask the user.
 */
export function registerMcpServer({ sessions, secrets, root, version }: McpServerParts): Disposable {
  // Editors based on VS Code may lack this part of its API.
  const lm = vscode.lm as Partial<typeof vscode.lm> | undefined;
  if (!lm?.registerMcpServerDefinitionProvider) return { dispose: () => undefined };
  const changed = new vscode.EventEmitter<void>();
  const program = path.join(root, 'dist', 'cli', 'distdiag.js');
  return vscode.Disposable.from(
    changed,
    sessions.onDidChange(() => changed.fire()),
    lm.registerMcpServerDefinitionProvider(PROVIDER, {
      onDidChangeMcpServerDefinitions: changed.event,
      provideMcpServerDefinitions: () => {
        const config = sessions.config();
        // It would start the programs named in a kubeconfig.
        if (!config.trusted) return [];
        const args = [program, 'mcp', ...optionsOf(config)];
        const env = { ELECTRON_RUN_AS_NODE: '1', PROMETHEUS_URL: null };
        return [new vscode.McpStdioServerDefinition('DistDiag', process.execPath, args, env, version)];
      },
      // Only now, because the editor stores definitions.
      resolveMcpServerDefinition: async (definition) => {
        if (!(definition instanceof vscode.McpStdioServerDefinition)) return definition;
        // The settings may name another server by now.
        const url = definition.args.find((arg) => arg.startsWith(PROMETHEUS))?.slice(PROMETHEUS.length);
        if (url === undefined) return definition;
        const now = sessions.config().prometheusUrl;
        const credential = (await secrets.read(url)) ?? (withoutUser(now) === url ? inAddress(now) : undefined);
        if (credential) definition.env = { ...definition.env, ...variablesOf(credential) };
        return definition;
      },
    }),
  );
}

/** The user name and password in the address: every user of the machine can read a command line. */
function inAddress(url: string): PrometheusCredential | undefined {
  if (withoutUser(url) === undefined) return undefined;
  const { username, password } = new URL(url);
  return { username: decodeURIComponent(username), password: decodeURIComponent(password) };
}

const variablesOf = (credential: PrometheusCredential): Record<string, string> =>
  'token' in credential
    ? { DISTDIAG_PROMETHEUS_TOKEN: credential.token }
    : { DISTDIAG_PROMETHEUS_USERNAME: credential.username, DISTDIAG_PROMETHEUS_PASSWORD: credential.password };

/** The settings as command-line options; none is a secret. */
function optionsOf(config: Config): string[] {
  const { query, prometheusTls: tls } = config;
  const given: readonly (readonly [string, string])[] = [
    ['kubeconfig', config.kubeconfig],
    ['context', config.context],
    ['namespace', query.namespace],
    ['label', query.labelSelector],
    ['container', query.container],
    ['prometheus', withoutUser(config.prometheusUrl) ?? config.prometheusUrl],
    ['prometheus-tenant', config.prometheusTenant],
    ['prometheus-ca', tls.authority],
    ['prometheus-cert', tls.certificate],
    ['prometheus-key', tls.key],
    ['step', String(Math.round(config.stepMs / 1000))],
  ];
  return given.flatMap(([name, value]) => (value === '' ? [] : [`--${name}=${value}`]));
}
