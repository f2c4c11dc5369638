import * as vscode from 'vscode';
import type { AppError } from '../../core/base/errors';
import type { Disposable } from '../../core/base/disposable';
import { sentences } from '../text/errors';
import { plainText } from '../text/plainText';
import type { ClusterSession } from './session';

/** What has to be there to see whether a cluster answers. */
export type WatchedSession = Pick<ClusterSession, 'server' | 'store' | 'clock'>;

/** It is shown so long at least, milliseconds, and at most. */
const LEAST_MS = 8000;
const MOST_MS = 300_000;

/** True for an error that says no more than that the cluster is not reached. */
export const isOutage = ({ code, message }: AppError, { server }: Pick<WatchedSession, 'server'>): boolean =>
  (code === 'unreachable' || code === 'timeout') && message.includes(server);

/**
 * Tells of an outage as long as it lasts. A message would stay after the cluster is there again; a progress is closed.
 */
export async function showOutage(error: AppError, { store, clock }: WatchedSession): Promise<void> {
  const title = plainText(sentences(error.message, error.hint));
  const held: Disposable[] = [];
  const work = (_: unknown, token: vscode.CancellationToken): Promise<void> =>
    new Promise((resolve) => {
      let isThere = false;
      let isSeen = false;
      let isFirst = true; // told at once, and maybe from before the outage
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
