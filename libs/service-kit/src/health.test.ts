import { describe, expect, it } from 'vitest';
import { HealthChecks, serveHealth } from './health.js';

const checksOf = (checks: Record<string, () => { ok: boolean } | Promise<{ ok: boolean }>>): HealthChecks => {
  const health = new HealthChecks();
  for (const [name, check] of Object.entries(checks)) health.add(name, check);
  return health;
};

describe('HealthChecks', () => {
  it('is ready when every dependency is, and shows what each says', async () => {
    const health = checksOf({ nats: () => ({ ok: true, rtt_ms: 1 }) });
    expect(await health.readiness()).toEqual({ status: 'ok', checks: { nats: { ok: true, rtt_ms: 1 } } });
  });

  it('is not ready when one is down, and says which', async () => {
    const health = checksOf({
      nats: () => ({ ok: true }),
      postgres: () => Promise.reject(new Error('connect ECONNREFUSED')),
    });
    expect(await health.readiness()).toEqual({
      status: 'unavailable',
      checks: { nats: { ok: true }, postgres: { ok: false, detail: 'connect ECONNREFUSED' } },
    });
  });

  it('does not wait for a dependency that never answers', async () => {
    const report = await checksOf({ postgres: () => new Promise(() => undefined) }).readiness();
    expect(report).toMatchObject({ status: 'unavailable', checks: { postgres: { ok: false } } });
  });

  it('wants no more work while the process stops', async () => {
    const health = checksOf({ nats: () => ({ ok: true }) });
    health.draining = true;
    expect((await health.readiness()).status).toBe('unavailable');
  });
});

describe('serveHealth', () => {
  it('answers liveness, readiness and metrics', async () => {
    const health = checksOf({ nats: () => ({ ok: false }) });
    const server = await serveHealth(health, '127.0.0.1', 0);
    const address = server.address();
    const get = (path: string) =>
      fetch(`http://127.0.0.1:${typeof address === 'object' ? address?.port : ''}${path}`);
    expect((await get('/health')).status).toBe(200);
    expect((await get('/ready')).status).toBe(503);
    expect((await get('/metrics')).headers.get('content-type')).toContain('text/plain');
    expect((await get('/other')).status).toBe(404);
    server.close();
    server.closeAllConnections();
  });
});
