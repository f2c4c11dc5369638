import type { ChildProcess, SpawnOptions } from 'node:child_process';

/** A program that runs until it is stopped. */
export interface StartedServer<T> {
  child: ChildProcess;
  ready: Promise<T>;
  stop(): Promise<void>;
  output(): string;
}

export function startServer<T>(
  command: string,
  args: readonly string[],
  options: SpawnOptions,
  test: (line: string) => T | undefined,
  limitMs?: number,
  endMs?: number,
): StartedServer<T>;

/** A free port on loopback. */
export function freePort(): Promise<number>;
