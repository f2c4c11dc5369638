/** What the load on one node is like beyond its usual: no fault of a server, but a state of its users. */
export interface LoadState {
  /** How many times as many sessions work as usual: 3 is a spike. */
  clients?: number;
  /** Sessions that change one and the same row again and again, and how long each keeps it locked: lock contention. */
  hotSessions?: number;
  holdMs?: number;
}

/** Share of ordinary transactions that want the contended row as well, and of its turns that they get at most. */
const WANT_IT = 0.3;
const TURNS = 0.5;

/** What sessions on one row do in a second: the commits they get through, and the time that they and others wait for it. */
export interface HotRow {
  commits: number;
  /** Sessions of its own that wait, on average. */
  waiting: number;
  /** Seconds that an ordinary transaction waits for it, on average. */
  wait: number;
}

/** They take turns: the row is locked all the time, by each for its hold and its commit. */
export function hotRow(load: LoadState, transactions: number, commitTime: number): HotRow {
  const sessions = load.hotSessions ?? 0;
  if (sessions === 0) return { commits: 0, waiting: 0, wait: 0 };
  const turn = (load.holdMs ?? 40) / 1000 + commitTime;
  const wanted = Math.min(WANT_IT, TURNS / (turn * Math.max(transactions, 1)));
  return {
    commits: 1 / turn - wanted * transactions,
    waiting: sessions - 1,
    wait: wanted * sessions * turn,
  };
}
