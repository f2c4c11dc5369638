/** Where the demo cluster can be reached. */
export interface DemoFacts {
  kubeconfig: string;
  prometheusUrl: string;
  namespace: string;
}

/** How the process of a demo cluster ended that nobody had asked to. */
export interface DemoEnd {
  /** One of the two; neither where it could not be started. */
  code: number | undefined;
  signal: string | undefined;
  /** Its JavaScript heap was full. */
  outOfMemory: boolean;
  /** Milliseconds that it ran. */
  ranMs: number;
  /** The last lines that it wrote, oldest first, and the file that has all of them; empty where they were shown at once. */
  lastLines: readonly string[];
  logFile: string;
}

/** What becomes of a demo cluster while somebody keeps it. */
export interface DemoNews {
  /** It ended and is restarted: the n-th time out of a maximum. */
  restarting(end: DemoEnd, turn: number, most: number): void;
  /** It answers again, at the same addresses and by the same kubeconfig; what was in it is gone. */
  restarted(facts: DemoFacts): void;
  /** It ended, and is not started again. */
  gaveUp(end: DemoEnd): void;
}

/** A demo cluster in its own process. */
export interface DemoKeeper {
  /** Starts it; resolves when it answers, rejects with DemoStartError when it ended or took too long, or was stopped. */
  start(): Promise<DemoFacts>;
  /** Ends it, and removes its directory and its log, where it has never failed or said nothing; resolves when all is gone. */
  stop(): Promise<void>;
}

/** Why a demo cluster did not start. */
export class DemoStartError extends Error {
  /** How it ended; undefined when it did not answer in time or was stopped. */
  readonly end: DemoEnd | undefined;
  readonly stopped: boolean;

  constructor(message: string, { end, stopped = false }: { end?: DemoEnd; stopped?: boolean } = {}) {
    super(message);
    this.name = 'DemoStartError';
    this.end = end;
    this.stopped = stopped;
  }
}

/** How a process ended, in a few words. */
export function endText({ code, signal, outOfMemory }: DemoEnd): string {
  if (outOfMemory) return 'its memory was full';
  if (signal === 'SIGKILL') return 'signal SIGKILL: somebody ended it, or the machine had no memory left';
  if (signal !== undefined) return `signal ${signal}`;
  return code === undefined ? 'it could not be started' : `exit code ${code}`;
}
