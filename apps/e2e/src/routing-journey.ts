import { expect, test } from 'vitest';
import { type Client, createClient } from '#libs/testing';

const work = (routing: object) => ({
  metadata: { source_agent: { id: 'sales-01', name: 'SalesBot' } },
  context: { summary: 'The customer wants a refund' },
  routing,
});

/** A tenant of its own, so that agents of other journeys do not get its work. */
const inNewTenant = async (
  { url, key }: { url: string; key: string },
  run: (client: Client) => Promise<void>,
): Promise<void> => {
  const admin = createClient(url, key);
  const { id } = (await admin.post('tenants', { name: `Routing ${Date.now()}`, tier: 'unlimited' })).body;
  const made = await admin.post('keys', { name: 'routing', role: 'admin', tenant_id: id });
  const client = createClient(url, made.body.key);
  await run(client).finally(() => Promise.all([admin.close(), client.close()]));
};

/** Work finds its agent: at once, after a rejection, and as soon as one comes. */
export const testRouting = (rail: () => { url: string; key: string }): void => {
  test('work without a target finds its agent: at once, after a rejection, when one comes', () =>
    inNewTenant(rail(), async (client) => {
      const register = (id: string, ...capabilities: string[]) =>
        client.send('PUT', `agents/${id}`, { name: id, capabilities });
      const body = work({ capabilities: ['refunds'], prefer: ['bo'] });
      await register('bo', 'refunds');
      await register('cy', 'refunds', 'mail');
      await register('di', 'mail');
      // Each process hears of an agent in its own time.
      await expect
        .poll(async () =>
          (await client.post('route', body)).body.candidates?.map(({ id }: { id: string }) => id),
        )
        .toEqual(['bo', 'cy']);

      const packet = async (id: string) => (await client.get(`packets/${id}`)).body;
      const created = (await client.post('packets', work({ prefer: ['bo', 'cy'], exclude: ['di'] }))).body;
      const targetOf = async (id: string) => (await packet(id)).metadata.target_agent?.id;
      await expect.poll(() => targetOf(created.id), { timeout: 15_000 }).toBeDefined();
      const first = await targetOf(created.id);
      const no = (agent_id: string) =>
        client.post(`packets/${created.id}/reject`, { agent_id, reason: 'Full' });
      const second = (await no(first)).body.metadata.target_agent?.id;
      expect([first, second].sort()).toEqual(['bo', 'cy']);
      expect((await no(second)).body).toMatchObject({ status: 'created' });
      expect(await packet(created.id)).not.toHaveProperty('metadata.target_agent');
      expect((await client.post(`packets/${created.id}/claim`, { agent_id: first })).body.code).toBe(
        'not_the_target',
      );

      await register('ed', 'anything');
      await expect.poll(() => targetOf(created.id), { timeout: 15_000 }).toBe('ed');
      const { events } = (await client.get(`packets/${created.id}/history`)).body;
      const steps = events.map(({ event_type }: { event_type: string }) => event_type);
      expect(steps).toEqual([
        'packet.created',
        'packet.routed',
        'packet.rejected',
        'packet.routed',
        'packet.rejected',
        'packet.routed',
      ]);
      expect((await client.post(`packets/${created.id}/claim`, { agent_id: 'ed' })).status).toBe(200);
    }));
};
