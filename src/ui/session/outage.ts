import * as vscode from 'vscode';
import type { AppError } from '../../core/base/errors';
import type { Disposable } from '../../core/base/disposable';
import { sentences } from '../text/errors';
import { plainText } from '../text/plainText';
import type { ClusterSession } from './session';

/** What is needed to see whether a cluster responds. */
export type WatchedSession = Pick<ClusterSession, 'server' | 'store' | 'clock'>;

/** The shortest and longest time that it is shown, milliseconds. */
const LEAST_MS = 8000;
const MOST_MS = 300_000;

/** True for an error that only says that the cluster is unreachable; never if something may have been changed. */
export const isOutage = ({ unreached }: AppError, { server }: Pick<WatchedSession, 'server'>): boolean =>
  unreached !== undefined && unreached === server;

/**
 * Shows an outage as long as it lasts. A message would stay after the cluster is back; a progress notification closes.
 */
export async function showOutage(error: AppError, { store, clock }: WatchedSession): Promise<void> {
  const title = plainText(sentences(error.text, error.hint));
  const held: Disposable[] = [];
  const work = (_: unknown, token: vscode.CancellationToken): Promise<void> =>
    new Promise((resolve) => {
      let isThere = false;
      let isSeen = false;
      let isFirst = true; // called at once, maybe with a state from before the outage
      const look = (): void => {
        if (isThere && isSeen) resolve();
      };
      if (store.watching) store.relist();
      held.push(
        store.subscribe(({ health }) => {
          isThere = !isFirst && health.state === 'live';
          look();
        }),
        clock.after(LEAST_MS, () => {
          isSeen = true;
          look();
        }),
        clock.after(MOST_MS, resolve),
        token.onCancellationRequested(() => resolve()),
      );
      isFirst = false;
    });
  await vscode.window.withProgress(
    { location: vscode.ProgressLocation.Notification, title, cancellable: true },
    (progress, token) => work(progress, token).finally(() => held.forEach((one) => one.dispose())),
  );
}
