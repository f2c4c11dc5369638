import { msg } from '../base/text';
import { Emitter } from '../base/emitter';
import { missingFor, needsText, type AccessNeed, type AccessPurpose, type AccessReport } from './access';
import { AppError, toAppError } from '../base/errors';
import type { Clock } from '../base/clock';
import type { Disposable } from '../base/disposable';
import type { Log } from '../base/log';
import type { AccessGateway } from './access';

/** What the guard needs. */
export interface AccessGuardOptions {
  gateway: AccessGateway;
  /** As they are now: they change when Prometheus is found. */
  needs: () => readonly AccessNeed[];
  /** Named in messages. */
  context: string;
  clock: Clock;
  log: Log;
}

/** How long an answer is believed: a grant is to be seen soon, a withdrawal shows itself as a refusal. */
const COMPLETE_MS = 10 * 60_000;
const MISSING_MS = 60_000;

const WORDS: Readonly<Record<AccessPurpose, string>> = {
  see: 'see the experiments',
  inject: 'inject',
  pause: 'change experiments',
  stop: 'stop experiments',
  targets: 'see the database’s pods',
  events: 'see the experiments’ events',
  podEvents: 'see the events of the database’s pods',
  metrics: 'reach Prometheus through the API server',
};

/** Asks the server what the user may do, once for a while, and says what is missing before anything is tried. */
export class AccessGuard {
  readonly #options: AccessGuardOptions;
  readonly #listeners = new Emitter<AccessReport>();
  #known: { report: Promise<AccessReport>; key: string; until: number } | undefined;

  constructor(options: AccessGuardOptions) {
    this.#options = options;
  }

  /** What is missing. Never rejects but for a cancelled wait: what cannot be asked is not known to be missing. */
  async report(signal?: AbortSignal): Promise<AccessReport> {
    const { clock, needs } = this.#options;
    const wanted = needs();
    const key = JSON.stringify(wanted);
    if (!this.#known || this.#known.key !== key || clock.now() >= this.#known.until) {
      const known = { report: this.#ask(wanted), key, until: Infinity };
      this.#known = known;
      void known.report.then((report) => {
        known.until = clock.now() + (report.missing.length > 0 || report.incomplete ? MISSING_MS : COMPLETE_MS);
        this.#listeners.emit(report);
      });
    }
    const report = await this.#known.report;
    signal?.throwIfAborted();
    return report;
  }

  /** Calls back with every answer, also to what others asked. */
  observe(listener: (report: AccessReport) => void): Disposable {
    return this.#listeners.add(listener);
  }

  /** Forgets the permissions, so that the next use asks again: after a refusal, or when something may have been granted. */
  forget(): void {
    this.#known = undefined;
  }

  /** Throws `forbidden` with exactly what is missing for this, for any of the kinds where some are named. */
  async require(purpose: AccessPurpose, kinds?: readonly string[], signal?: AbortSignal): Promise<void> {
    const missing = missingFor(await this.report(signal), purpose, kinds);
    if (missing.length > 0) throw forbidden(purpose, missing, this.#options.context);
  }

  /** Throws `forbidden` where none of the kinds is allowed; else which of them are not. */
  async requireSome(purpose: AccessPurpose, kinds: readonly string[]): Promise<string[]> {
    const report = await this.report();
    const locked = kinds.filter((kind) => missingFor(report, purpose, [kind]).length > 0);
    if (locked.length === kinds.length) await this.require(purpose, kinds);
    return locked;
  }

  async #ask(needs: readonly AccessNeed[]): Promise<AccessReport> {
    const { gateway, log } = this.#options;
    try {
      const [user, allowed] = await Promise.all([gateway.user(), gateway.review(needs)]);
      const missing = needs.filter((_, i) => allowed[i] === false);
      if (missing.length > 0) log.info(`missing permissions: ${needsText(missing)}`);
      return { user, missing, incomplete: allowed.includes(undefined) };
    } catch (thrown) {
      log.debug(`permissions are not known: ${toAppError(thrown).message}`);
      return { user: undefined, missing: [], incomplete: true };
    }
  }
}

/** Says what may not be done, and the rule that is missing. */
function forbidden(purpose: AccessPurpose, missing: readonly AccessNeed[], context: string): AppError {
  return new AppError(
    'forbidden',
    msg`You are not allowed to ${WORDS[purpose]} on ${context}. Missing permission: ${needsText(missing)}.`,
    {
      hint: 'Run DistDiag: Show Missing Permissions for the role to request.',
    },
  );
}
