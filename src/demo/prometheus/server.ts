import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { Clock } from '../../core/base/clock';
import type { Disposable } from '../../core/base/disposable';
import { close, listen, readBody, respondJson } from '../http';
import type { Sample } from '../simulator/exposition';
import { answerApi } from './api';
import { SeriesStore } from './store';

/** A running Prometheus that scrapes the simulator. */
export interface PrometheusServer {
  url: string;
  store: SeriesStore;
  stop: () => Promise<void>;
}

/** What is scraped: a database that runs on to a moment, and its figures then. */
interface Scraped {
  advanceTo(ms: number): void;
  samples(): Iterable<Sample>;
  exposition(): string;
}

/** What is scraped, how often, and how long it is kept. */
export interface PrometheusOptions {
  simulator: Scraped;
  clock: Clock;
  /** 5 s, as ob-operator's own set-up has it. */
  scrapeMs?: number;
  historyMs?: number;
  port?: number;
  /** Whether ranges are taken without their left end, as Prometheus 3 does. */
  leftOpen?: boolean;
}

/** Fills the history, then scrapes on the clock and answers Prometheus's HTTP API on loopback. */
export async function startPrometheus(options: PrometheusOptions): Promise<PrometheusServer> {
  const { simulator, clock, scrapeMs = 5000, historyMs = 30 * 60_000, port = 0, leftOpen } = options;
  const store = new SeriesStore({ leftOpen });
  const up = { name: 'up', labels: { job: 'oceanbase', instance: 'demo' }, value: 1 };
  const scrape = (at: number): void => {
    simulator.advanceTo(at);
    store.scrape(at, [...simulator.samples(), up]);
  };
  let last = Math.floor((clock.now() - historyMs) / scrapeMs) * scrapeMs;
  const catchUp = (): void => {
    while (last + scrapeMs <= clock.now()) {
      last += scrapeMs;
      scrape(last);
    }
  };
  catchUp();
  let timer: Disposable | undefined;
  const tick = (): void => {
    catchUp();
    timer = clock.after(Math.max(1, last + scrapeMs - clock.now()), tick);
  };
  tick();

  const server = createServer((request, response) => {
    response.setHeader('date', new Date(clock.now()).toUTCString());
    handle(request, response).catch((error: unknown) => {
      if (error instanceof RangeError && !response.headersSent)
        respondJson(response, 413, { status: 'error', errorType: 'bad_data', error: error.message });
      else if (!response.headersSent)
        respondJson(response, 500, { status: 'error', errorType: 'internal', error: String(error) });
      else response.destroy();
    });
  });
  const handle = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const url = new URL(request.url ?? '/', 'http://127.0.0.1');
    catchUp();
    if (url.pathname === '/metrics') {
      simulator.advanceTo(clock.now());
      response.writeHead(200, { 'content-type': 'text/plain; version=0.0.4; charset=utf-8' });
      response.end(simulator.exposition());
      return;
    }
    if (url.pathname === '/-/healthy' || url.pathname === '/-/ready') {
      response.writeHead(200, { 'content-type': 'text/plain' });
      response.end('Prometheus Server is Ready.\n');
      return;
    }
    if (!['GET', 'POST'].includes(request.method ?? '')) {
      const error = `method ${request.method} is not allowed`;
      respondJson(response, 405, { status: 'error', errorType: 'bad_data', error }, { allow: 'GET, POST' });
      return;
    }
    const parameters = new URLSearchParams(url.search);
    if (request.method === 'POST')
      for (const [key, value] of new URLSearchParams(await readBody(request))) parameters.append(key, value);
    const { status, body } = answerApi(store, url.pathname, parameters, clock.now(), scrapeMs);
    respondJson(response, status, body);
  };
  const bound = await listen(server, port);
  return {
    url: `http://127.0.0.1:${bound}`,
    store,
    stop: async () => {
      timer?.dispose();
      await close(server);
    },
  };
}
