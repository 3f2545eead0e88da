import { Counters } from '#libs/event-log';
import { rateSubject, streams } from '#libs/contracts';
import { type Answer, type Client, smallPacket } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startSibling, startTestGateway, type TestGateway } from '../gateway.features.js';
import { inOneMinute, newTenant } from './rates.features.js';

const rates = ({ headers }: Answer) => ({
  limit: Number(headers['x-ratelimit-limit']),
  remaining: Number(headers['x-ratelimit-remaining']),
  tier: headers['x-ratelimit-tier'],
});

describe('the rates of requests', () => {
  let gateway: TestGateway;
  let sibling: Awaited<ReturnType<typeof startSibling>>;
  let admin: Client;
  let counters: Counters;
  beforeAll(async () => {
    gateway = await startTestGateway();
    sibling = await startSibling(gateway);
    admin = gateway.client();
    counters = new Counters(gateway.runtime.nats, 1_000);
  });
  afterAll(async () => {
    counters.close();
    await sibling?.stop();
    await gateway?.stop();
  });

  const known = async (key: string): Promise<Client[]> => {
    const clients = [gateway.client(key), sibling.client(key)];
    // Forbidden, not unknown: the other gateway has heard of the key.
    for (const client of clients)
      await expect.poll(async () => (await client.get('tenants')).status).not.toBe(401);
    return clients;
  };
  const countOf = (window: 'minute' | 'hour', id: string): Promise<number> =>
    counters.read(
      window === 'minute' ? streams.rateMinutes : streams.rateHours,
      rateSubject(window, id, Math.floor(Date.now() / (window === 'minute' ? 60_000 : 3_600_000))),
    );

  it('are counted down in the headers of every answer, and end in a refusal', async () => {
    const { id, newKey } = await newTenant(admin, { requests_per_minute: 5, requests_per_hour: 8 });
    const [key, other] = [await newKey(), await newKey()];
    inOneMinute(30_000);
    const client = gateway.client(key);
    const answers = [
      await client.get('packets'),
      await client.post('packets', smallPacket()),
      await client.get('packets/019ab2f4-6f3e-7c11-9d57-3f7e8a1c2b60'),
      await client.post('packets', '{"broken'),
      await client.get('tenants'),
    ];
    expect(answers.map(({ status }) => status)).toEqual([200, 201, 404, 400, 403]);
    expect(answers.map(rates)).toEqual(
      [4, 3, 2, 1, 0].map((remaining) => ({ limit: 5, remaining, tier: 'unlimited' })),
    );
    const { headers } = answers[1]!;
    const resetAt = Number(headers['x-ratelimit-reset']) * 1_000;
    expect(resetAt % 60_000).toBe(0);
    expect(resetAt - Date.now()).toBeLessThanOrEqual(60_000);
    expect(headers['ratelimit-policy']).toBe('"minute";q=5;w=60, "hour";q=8;w=3600');
    expect(headers['ratelimit']).toMatch(/^"minute";r=3;t=\d+, "hour";r=6;t=\d+$/);

    const refused = await client.get('packets');
    expect(refused).toMatchObject({ status: 429, body: { code: 'rate_limited', limit: 5, used: 5 } });
    expect(refused.body.resets_at).toBe(new Date(resetAt).toISOString());
    expect(Number(refused.headers['retry-after'])).toBe(refused.body.retry_after);
    expect(refused.body.retry_after * 1_000).toBeLessThanOrEqual(60_000);
    expect(rates(refused)).toMatchObject({ limit: 5, remaining: 0 });

    // Another key has its own minute, and the hour of all.
    const second = gateway.client(other);
    const rest = [await second.get('packets'), await second.get('packets'), await second.get('packets')];
    expect(rest.map(rates)).toMatchObject([2, 1, 0].map((remaining) => ({ limit: 8, remaining })));
    const last = await second.get('packets');
    expect(last).toMatchObject({ status: 429, body: { code: 'rate_limited', limit: 8, used: 8 } });
    expect(Date.parse(last.body.resets_at) % 3_600_000).toBe(0);
    expect((await client.get('packets')).status).toBe(429);
    expect(await countOf('hour', id)).toBe(8);
  });

  it('are the same on two gateways: exactly as many requests are served as may be', async () => {
    const { newKey } = await newTenant(admin, { requests_per_minute: 100 });
    const clients = await known(await newKey());
    inOneMinute(40_000);
    const started = Math.floor(Date.now() / 60_000);
    const all = await Promise.all(
      Array.from({ length: 300 }, (_, index) => clients[index % 2]!.get('packets?limit=1')),
    );
    expect(Math.floor(Date.now() / 60_000)).toBe(started);
    const served = all.filter(({ status }) => status === 200);
    // Each gateway was asked once, when the key was new; in this minute or the one before.
    const before = 100 - served.length;
    expect(before).toBeGreaterThanOrEqual(0);
    expect(before).toBeLessThanOrEqual(20);
    expect(all.filter(({ status }) => status === 429)).toHaveLength(300 - served.length);
    expect(served.map((each) => rates(each).remaining).sort((a, b) => a - b)).toEqual(
      Array.from({ length: served.length }, (_, index) => index),
    );
  });

  it('cost the server nothing once they are used up, and nothing of the body is read', async () => {
    const { id, newKey } = await newTenant(admin, { requests_per_hour: 3 });
    const client = gateway.client(await newKey());
    inOneMinute(30_000);
    for (let call = 0; call < 3; call += 1) expect((await client.get('packets')).status).toBe(200);
    for (const body of ['{"broken', 'x'.repeat(3_000_000)])
      expect((await client.post('packets', body)).status).toBe(429);
    for (let call = 0; call < 20; call += 1) expect((await client.get('packets')).status).toBe(429);
    expect(await countOf('hour', id)).toBe(3);
  });

  it('follow the tenant at once when its limits change', async () => {
    const { id, newKey } = await newTenant(admin, { requests_per_hour: 1 });
    const client = gateway.client(await newKey());
    inOneMinute(30_000);
    expect([(await client.get('packets')).status, (await client.get('packets')).status]).toEqual([200, 429]);
    await admin.send('PATCH', `tenants/${id}`, { overrides: { requests_per_hour: 3 } });
    expect(rates(await client.get('packets'))).toMatchObject({ limit: 3, remaining: 1 });
    await admin.send('PATCH', `tenants/${id}`, { overrides: { requests_per_hour: 0 } });
    expect((await client.get('packets')).body).toMatchObject({ code: 'rate_limited', limit: 0, used: 0 });
    await admin.send('PATCH', `tenants/${id}`, { overrides: null });
    const free = await client.get('packets');
    expect(free.status).toBe(200);
    expect(free.headers['x-ratelimit-tier']).toBe('unlimited');
    expect(free.headers).not.toHaveProperty('x-ratelimit-limit');
    expect(free.headers).not.toHaveProperty('ratelimit');
  });

  it('have the tier of a tenant that has just one', async () => {
    const tenant = (await admin.post('tenants', { name: `free ${Date.now()}` })).body;
    const { key } = (await admin.post('keys', { name: 'k', role: 'reader', tenant_id: tenant.id })).body;
    const answer = await gateway.client(key).get('packets');
    expect(rates(answer)).toEqual({ tier: 'free', limit: 60, remaining: 59 });
    expect(answer.headers['ratelimit-policy']).toBe('"minute";q=60;w=60, "hour";q=100;w=3600');
  });

  it('are not asked for health, readiness and metrics, nor of those who have no key', async () => {
    const { newKey } = await newTenant(admin, { requests_per_hour: 0 });
    const client = gateway.client(await newKey());
    for (const path of ['/health', '/ready', '/metrics', '/openapi.json']) {
      const answer = await client.get(path);
      expect(answer.status, path).toBe(200);
      expect(Object.keys(answer.headers).filter((name) => name.includes('ratelimit'))).toEqual([]);
    }
    expect((await gateway.client('').get('packets')).headers).not.toHaveProperty('x-ratelimit-tier');
    const metrics = String((await client.get('/metrics')).body);
    expect(metrics).toMatch(/handoffrail_rate_limited_total\{window="hour".*\} \d/);
  });
});

describe('the rates of requests while NATS is away', () => {
  it('are counted by each gateway alone', async () => {
    const gateway = await startTestGateway();
    try {
      const admin = gateway.client();
      const { newKey } = await newTenant(admin, { requests_per_minute: 5 });
      const client = gateway.client(await newKey());
      inOneMinute(40_000);
      expect(rates(await client.get('agents')).remaining).toBe(4);
      await gateway.servers.nats.stop();
      const rest = [];
      for (let call = 0; call < 5; call += 1) rest.push(await client.get('agents'));
      expect(rest.map(({ status }) => status)).toEqual([200, 200, 200, 200, 429]);
      expect(rest.map((each) => rates(each).remaining)).toEqual([3, 2, 1, 0, 0]);
    } finally {
      await gateway.stop();
    }
  });
});
