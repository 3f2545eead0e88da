import { packetSchema } from '#libs/contracts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, realisticPacket } from '#libs/testing';
import { startTestGateway, type TestGateway } from './gateway.features.js';

describe('packets over HTTP', () => {
  let gateway: TestGateway;
  let client: Client;
  beforeAll(async () => {
    gateway = await startTestGateway();
    client = gateway.client();
  });
  afterAll(() => gateway?.stop());

  it('creates, claims and completes', async () => {
    const created = await client.post('packets', realisticPacket(1));
    expect(created).toMatchObject({ status: 201, body: { status: 'created', revision: 1 } });
    expect(created.headers).toMatchObject({ etag: '"1"', 'handoffrail-position': created.body.position });
    const { id } = created.body;
    const claimed = await client.post(`packets/${id}/claim`, { agent_id: 'billing-01' });
    expect(claimed).toMatchObject({ status: 200, body: { status: 'claimed' } });
    const done = await client.post(`packets/${id}/complete`, { result: { ok: true } });
    expect(done.body).toMatchObject({ status: 'completed', result: { ok: true } });
    expect((await client.get(`packets/${id}`)).body).toEqual(done.body);
    const isPacket = new Ajv2020({ strict: false, validateFormats: false }).compile(packetSchema());
    for (const { body } of [created, claimed, done]) expect(isPacket(body) || isPacket.errors).toBe(true);
    expect((await client.get('packets')).body).toMatchObject({ total: 1, packets: [{ id }] });
    expect((await client.get(`packets/${id}/history`)).body.events).toHaveLength(3);
    expect((await client.get('packets/search?q=enterprise')).body.packets[0].id).toBe(id);
  });
});
