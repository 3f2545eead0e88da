import { createServer, type Server, type ServerResponse } from 'node:http';
import { renderMetrics } from './metrics.js';

/** What one dependency says of itself; further fields (a lag, a version) are shown as they are. */
export interface CheckResult {
  ok: boolean;
  /** What is wrong, in a sentence. */
  detail?: string;
  [more: string]: unknown;
}

export interface HealthReport {
  status: 'ok' | 'unavailable';
  checks: Record<string, CheckResult>;
}

type Check = () => CheckResult | Promise<CheckResult>;

const checkTimeoutMs = 1_000;

const bounded = async (check: Check): Promise<CheckResult> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<CheckResult>((resolve) => {
    timer = setTimeout(resolve, checkTimeoutMs, { ok: false, detail: 'It did not answer within a second.' });
  });
  try {
    return await Promise.race([check(), late]);
  } catch (error) {
    return { ok: false, detail: error instanceof Error ? error.message : String(error) };
  } finally {
    clearTimeout(timer);
  }
};

/** The named dependencies of this process. */
export class HealthChecks {
  /** Set when the process stops: it is alive, but wants no more work. */
  draining = false;
  readonly #checks = new Map<string, Check>();

  add(name: string, check: Check): void {
    this.#checks.set(name, check);
  }

  /** Whether every dependency answers; each gets a second. */
  async readiness(): Promise<HealthReport> {
    const results = await Promise.all(
      [...this.#checks].map(async ([name, check]) => [name, await bounded(check)] as const),
    );
    const ready = !this.draining && results.every(([, result]) => result.ok);
    return { status: ready ? 'ok' : 'unavailable', checks: Object.fromEntries(results) };
  }
}

const json = (response: ServerResponse, status: number, body: unknown): void => {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
};

const answer = async (health: HealthChecks, path: string, response: ServerResponse): Promise<void> => {
  if (path === '/health') return json(response, 200, { status: 'ok' });
  if (path === '/ready') {
    const report = await health.readiness();
    return json(response, report.status === 'ok' ? 200 : 503, report);
  }
  if (path !== '/metrics') return json(response, 404, { status: 'not_found' });
  const { contentType, body } = await renderMetrics();
  response.writeHead(200, { 'content-type': contentType }).end(body);
};

/** `/health`, `/ready` and `/metrics` for a service without an HTTP API. */
export const serveHealth = (health: HealthChecks, host: string, port: number): Promise<Server> =>
  new Promise((resolve, reject) => {
    const server = createServer((request, response) => {
      answer(health, request.url ?? '', response).catch(() => response.destroy());
    });
    server.once('error', reject);
    server.listen(port, host, () => resolve(server));
  });
