import { smallPacket, type Client } from '#libs/testing';
import { Client as Postgres } from 'pg';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.features.js';

// A process that holds no folded packet: every read is one of a packet not used lately.
describe('a packet that is not in memory', () => {
  let gateway: TestGateway;
  let client: Client;
  let postgres: Postgres;
  beforeAll(async () => {
    gateway = await startTestGateway({ HR_CACHE_PACKETS: '0' });
    client = gateway.client();
    postgres = new Postgres(gateway.servers.databaseUrl);
    await postgres.connect();
  });
  afterAll(async () => {
    await postgres?.end();
    await gateway?.stop();
  });

  const created = async () => (await client.post('packets', smallPacket())).body;
  const projected = (position: string) => client.get('packets', { 'handoffrail-min-position': position });
  const inSql = (sql: string) => postgres.query(sql);

  it('is read from its row, the same document to the last field', async () => {
    const packet = await created();
    const { body: claimed } = await client.post(`packets/${packet.id}/claim`, { agent_id: 'billing-01' });
    await projected(claimed.position);
    const answer = await client.get(`packets/${packet.id}`);
    expect(answer).toMatchObject({ status: 200, headers: { etag: '"2"' } });
    expect(answer.body).toEqual(claimed);
    expect(Object.keys(answer.body).sort()).toEqual(Object.keys(claimed).sort());
    expect((await client.get(`packets/${packet.id}`, { 'if-none-match': '"2"' })).status).toBe(304);
    // Only the row knows of this.
    await inSql(`update handoffrail.packets set head = jsonb_set(head::jsonb, '{trace_id}', '"row"')`);
    expect((await client.get(`packets/${packet.id}`)).body.trace_id).toBe('row');
  });

  it('is current while the read models are behind', async () => {
    const packet = await created();
    await projected(packet.position);
    await inSql('begin');
    await inSql('lock table handoffrail.packets in share mode');
    const { body: claimed } = await client.post(`packets/${packet.id}/claim`, { agent_id: 'billing-01' });
    const seen = await client.get(`packets/${packet.id}`);
    await inSql('commit');
    expect(seen.body).toEqual(claimed);
  });

  it('is read from the log when the row is lost', async () => {
    const packet = await created();
    await projected(packet.position);
    await inSql(`delete from handoffrail.packets where id = '${packet.id}'`);
    expect((await client.get(`packets/${packet.id}`)).body).toEqual(packet);
  });

  it('is not shown to another tenant', async () => {
    const packet = await created();
    await projected(packet.position);
    const { body: other } = await client.post('tenants', { name: 'Other', tier: 'unlimited' });
    const { body: made } = await client.post('keys', { name: 'k', role: 'admin', tenant_id: other.id });
    expect((await gateway.client(made.key).get(`packets/${packet.id}`)).status).toBe(404);
  });
});
