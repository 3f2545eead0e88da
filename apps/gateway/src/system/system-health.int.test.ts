import { apiSchemas } from '#libs/contracts';
import { type AnyJson, smallPacket } from '#libs/testing';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.features.js';

const isHealth = new Ajv2020({ strict: false, validateFormats: false }).compile({
  $ref: '#/$defs/SystemHealthDocument',
  $defs: apiSchemas([]),
});

describe('the health of the rail', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway?.stop());

  const health = async (): Promise<AnyJson> => {
    const { status, body } = await gateway.client().get('system/health');
    expect(status, JSON.stringify(body)).toBe(200);
    expect(isHealth(body) || isHealth.errors).toBe(true);
    return body;
  };

  it('tells versions, lag, backlog and sizes', async () => {
    const client = gateway.client();
    const summary = 'Nobody who runs the rail reads this';
    for (const priority of ['high', 'high', 'low'])
      await client.post('packets', {
        ...smallPacket('a', 's', { context: { summary } }),
        metadata: { source_agent: { id: 's', name: 's' }, target_agent: { id: 'a', name: 'a' }, priority },
      });
    await client.get('packets');
    await expect.poll(async () => (await health()).lag_events).toBe(0);
    const told = await health();
    expect(told).toMatchObject({
      status: 'ok',
      versions: {
        handoffrail: expect.stringMatching(/^\d+\.\d+\.\d+/),
        node: process.versions.node,
        nats: expect.stringMatching(/^2\./),
        postgres: expect.stringMatching(/^\d+/),
      },
      checks: { nats: { ok: true }, postgres: { ok: true }, projection: { ok: true } },
      backlog: { waiting: { low: 1, high: 2 }, dead_letters: 0 },
    });
    const packets = told.streams.find(({ name }: AnyJson) => name === 'HR_PACKETS');
    expect(packets.messages).toBeGreaterThanOrEqual(3);
    expect(packets.bytes).toBeGreaterThan(packets.messages);
    expect(told.streams.map(({ name }: AnyJson) => name)).toContain('KV_HR_TENANTS');
    const rows = told.tables.find(({ name }: AnyJson) => name === 'handoffrail.packets');
    expect(rows.bytes).toBeGreaterThan(8_000);
    expect(JSON.stringify(told)).not.toContain(summary);
  });

  it('is for those who run the rail, and for nobody else', async () => {
    const { body } = await gateway.client().post('keys', { name: 'admin', role: 'admin' });
    expect((await gateway.client(body.key).get('system/health')).body).toMatchObject({ status: 403 });
  });

  it('answers what it knows when NATS is away', async () => {
    await gateway.servers.nats.stop();
    const told = await health();
    expect(told).toMatchObject({ status: 'unavailable', checks: { nats: { ok: false } }, streams: null });
    expect(told.tables.length).toBeGreaterThan(5);
    expect(told.backlog.waiting.high).toBe(2);
  });
});
