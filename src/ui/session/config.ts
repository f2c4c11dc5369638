import * as vscode from 'vscode';
import { parseDuration } from '../../core/time/duration';
import type { ProfileName } from '../../core/metrics/profiles';
import type { TargetQuery } from '../../core/cluster/databasePod';
import { textOf } from '../../core/base/unknown';

/** All settings, with the environment variables of the FastAPI demo that this replaces standing in where a setting is empty. */
export interface Config {
  kubeconfig: string;
  context: string;
  query: TargetQuery;
  chaosNamespace: string;
  prometheusUrl: string;
  /** Paths of PEM files for that address; none is a secret by itself. */
  prometheusTls: { certificate: string; key: string; authority: string };
  prometheusTenant: string;
  windowMs: number;
  stepMs: number;
  refreshMs: number;
  profile: ProfileName | 'auto';
  /** Empty = the shipped model. */
  modelPath: string;
  defaultDurationMs: number;
  /** Whether a protected injection needs the context's name, typed by a person, or is refused. */
  protection: 'confirm' | 'refuse';
  protectedContexts: readonly string[];
  protectedNamespaces: readonly string[];
  /** May a kubeconfig start programs? */
  trusted: boolean;
}

/** The values of a setting. Those of a remote window's two sides are not in the editor's types. */
interface Inspected {
  defaultValue?: unknown;
  /** The user's own, or that of the remote machine, which a dev container's file can write. */
  globalValue?: unknown;
  globalLocalValue?: unknown;
  globalRemoteValue?: unknown;
  workspaceValue?: unknown;
  workspaceFolderValue?: unknown;
}

/** Folder settings that only change what is shown. */
const OF_ANY_FOLDER = /^(metrics|yaml)\./;

/** Reads the settings. In an untrusted folder, only folder settings that are harmless or protect more count. */
export function readConfig(environment: NodeJS.ProcessEnv = process.env): Config {
  const settings = vscode.workspace.getConfiguration('distdiag');
  const { isTrusted } = vscode.workspace;
  const read = (key: string): unknown => {
    if (isTrusted || OF_ANY_FOLDER.test(key)) return settings.get<unknown>(key);
    const { globalValue, defaultValue } = settings.inspect<unknown>(key) ?? {};
    return globalValue ?? defaultValue;
  };
  const text = (key: string, variable?: string): string => {
    const value = textOf(read(key)).trim();
    return value !== '' || !variable ? value : (environment[variable] ?? '').trim();
  };
  const number = (key: string, low: number, high: number, variable?: string): number => {
    const inspected = settings.inspect<number>(key);
    const given = inspected?.workspaceFolderValue ?? inspected?.workspaceValue ?? inspected?.globalValue;
    const stand = variable && given === undefined ? Number(environment[variable] ?? NaN) : NaN;
    const value = Number.isFinite(stand) && stand > 0 ? stand : Number(settings.get<number>(key));
    return Math.min(high, Math.max(low, Number.isFinite(value) ? value : low));
  };
  /** The user's value or the default, and the values of the remote machine, the workspace and its folders. */
  const scopesOf = (key: string): unknown[] => {
    const found: Inspected = settings.inspect<unknown>(key) ?? {};
    const user = [found.globalValue ?? found.defaultValue, found.globalLocalValue, found.globalRemoteValue];
    // In a workspace of several folders, each has its own.
    const ofFolders = (vscode.workspace.workspaceFolders ?? []).map(
      ({ uri }) => vscode.workspace.getConfiguration('distdiag', uri).inspect<unknown>(key)?.workspaceFolderValue,
    );
    return [...user, found.workspaceValue, found.workspaceFolderValue, ...ofFolders, settings.get<unknown>(key)];
  };
  /** All protections together: settings of a remote machine or a folder cannot remove any. */
  const guarded = (key: string): string[] => [...new Set(scopesOf(key).flatMap(namesIn))];
  const namespace = text('target.namespace') || 'oceanbase';
  const profile = text('metrics.profile');
  return {
    kubeconfig: text('kubeconfig'),
    context: text('context'),
    query: {
      namespace,
      labelSelector: text('target.labelSelector') || 'ref-obcluster',
      container: text('target.container') || 'observer',
    },
    chaosNamespace: text('chaosNamespace', 'CHAOS_MESH_NAMESPACE') || namespace,
    prometheusUrl: text('prometheus.url', 'PROMETHEUS_URL'),
    prometheusTls: {
      certificate: text('prometheus.clientCertificate'),
      key: text('prometheus.clientKey'),
      authority: text('prometheus.certificateAuthority'),
    },
    prometheusTenant: text('prometheus.tenant'),
    windowMs: number('metrics.windowMinutes', 5, 180, 'METRICS_WINDOW_MINUTES') * 60_000,
    stepMs: number('metrics.stepSeconds', 1, 600) * 1000,
    refreshMs: number('metrics.refreshSeconds', 1, 600) * 1000,
    profile: profile === 'oceanbase' || profile === 'container' ? profile : 'auto',
    modelPath: text('model.path', 'MODEL_PATH'),
    defaultDurationMs: parseDuration(text('injection.defaultDuration')) ?? 180_000,
    // An unknown value protects more; a folder's value cannot protect less.
    protection: scopesOf('protection').every((word) => word === undefined || word === 'confirm') ? 'confirm' : 'refuse',
    protectedContexts: guarded('protectedContexts'),
    protectedNamespaces: guarded('protectedNamespaces'),
    trusted: isTrusted,
  };
}

/** The names of a list; a single name instead of a list is accepted, so that it is protected. */
function namesIn(value: unknown): string[] {
  const items: readonly unknown[] = Array.isArray(value) ? value : [value];
  return items.flatMap((item) => (typeof item === 'string' && item.trim() !== '' ? [item.trim()] : []));
}
