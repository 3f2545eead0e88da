import { smallPacket, type Client } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.features.js';

const good = { type: 'object', properties: { amount: { type: 'number' } }, required: ['amount'] };
const bad = { properties: { amount: { pattern: '(a' } } };
const field = 'hitl.response_schema.properties.amount.pattern';
const asks = (response_schema: object) => ({ hitl: { reason: 'Over the limit', response_schema } });

describe('the schema of structured answers', () => {
  let gateway: TestGateway;
  let client: Client;
  beforeAll(async () => {
    gateway = await startTestGateway();
    client = gateway.client();
  });
  afterAll(() => gateway.stop());

  it('is checked wherever a checkpoint is described', async () => {
    const { body: packet } = await client.post('packets', smallPacket());
    const refused = { status: 422, body: { code: 'validation_failed', field } };
    expect(await client.post('packets', { ...smallPacket(), ...asks(bad) })).toMatchObject(refused);
    const notRequired = { hitl: { ...asks(bad).hitl, required: false } };
    expect(await client.post('packets', { ...smallPacket(), ...notRequired })).toMatchObject(refused);
    const chained = { ...smallPacket(), ...asks(bad) };
    expect(await client.post(`packets/${packet.id}/chain`, chained)).toMatchObject(refused);
    const asked = { agent_id: packet.metadata.source_agent.id, ...asks(bad) };
    expect(await client.post(`packets/${packet.id}/request-approval`, asked)).toMatchObject(refused);
    const { body: batch } = await client.post('packets/batch', {
      packets: [{ ...smallPacket(), ...asks(bad) }, smallPacket()],
    });
    expect(batch.created).toHaveLength(1);
    expect(batch.errors).toMatchObject([{ index: 0, error: { code: 'validation_failed', field } }]);
    expect((await client.get(`packets/${packet.id}`)).body.revision).toBe(1);
  });

  it('is what an answer must satisfy', async () => {
    const { body: packet } = await client.post('packets', { ...smallPacket(), ...asks(good) });
    const respond = (answer?: unknown) =>
      client.post(`packets/${packet.id}/respond`, { response: 'Yes', responded_by: 'Mira', answer });
    expect(await respond({ amount: '9' })).toMatchObject({
      status: 422,
      body: { code: 'validation_failed', field: 'answer.amount', errors: [{ code: 'wrong_type' }] },
    });
    expect(await respond()).toMatchObject({ status: 422, body: { field: 'answer' } });
    const { status, body } = await respond({ amount: 9 });
    expect([status, body.hitl.state, body.hitl.votes[0].answer]).toEqual([200, 'approved', { amount: 9 }]);
  });
});
