import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, smallPacket } from '#libs/testing';
import { startTestGateway, type TestGateway } from './gateway.features.js';

describe('while a dependency is down', () => {
  let gateway: TestGateway;
  let client: Client;
  beforeAll(async () => {
    // Nothing listens there.
    gateway = await startTestGateway({ DATABASE_URL: 'postgres://nobody@127.0.0.1:1/none' });
    client = gateway.client();
  });
  afterAll(() => gateway?.stop());

  it('goes on with commands and single packets without Postgres; lists answer 503', async () => {
    const { body } = await client.post('packets', smallPacket());
    expect((await client.get(`packets/${body.id}`)).body).toEqual(body);
    expect((await client.post(`packets/${body.id}/claim`, { agent_id: 'billing-01' })).status).toBe(200);
    for (const path of ['packets', 'packets/search?q=customer', `packets/${body.id}/lineage`, 'stats']) {
      const answer = await client.get(path);
      expect(answer, path).toMatchObject({ status: 503, body: { code: 'unavailable' } });
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
    const redrive = await client.post('packets/batch/retry', { filter: { dead_letter: true } });
    expect(redrive).toMatchObject({ status: 503, body: { code: 'unavailable' } });
    expect((await client.get('/health')).status).toBe(200);
    expect(await client.get('/ready')).toMatchObject({
      status: 503,
      body: { status: 'unavailable', checks: { nats: { ok: true }, postgres: { ok: false } } },
    });
  });

  const limited = async (): Promise<Client> => {
    const terms = { name: `limited ${Math.random()}`, tier: 'unlimited', overrides: { packets_per_day: 9 } };
    const { id } = (await client.post('tenants', terms)).body;
    const made = await client.post('keys', { name: 'k', role: 'writer', tenant_id: id });
    return gateway.client(made.body.key);
  };

  it('counts the packets of a limited tenant without Postgres', async () => {
    const tenant = await limited();
    expect((await tenant.post('packets', smallPacket())).status).toBe(201);
    expect((await tenant.get('usage')).body).toMatchObject({ packets_per_day: { limit: 9, used: 1 } });
    // Nobody but the read models knows what others have made.
    expect(await client.get('usage')).toMatchObject({ status: 503, body: { code: 'unavailable' } });
  });

  it('answers 503 while NATS is away', async () => {
    const { body } = await client.post('packets', smallPacket());
    const tenant = await limited();
    await gateway.servers.nats.stop();
    const answers = await Promise.all([
      client.post('packets', smallPacket()),
      client.get(`packets/${body.id}`),
      client.post(`packets/${body.id}/claim`, { agent_id: 'billing-01' }),
      client.post('packets/batch', { packets: [smallPacket()] }),
      client.post('keys', { name: 'k' }),
      tenant.post('packets', smallPacket()),
      tenant.get('usage'),
    ]);
    for (const answer of answers) {
      expect(answer).toMatchObject({ status: 503, body: { code: 'unavailable' } });
      expect(Number(answer.headers['retry-after'])).toBeGreaterThan(0);
    }
    expect((await client.get('/health')).status).toBe(200);
    expect((await client.get('/ready')).status).toBe(503);
  });
});
