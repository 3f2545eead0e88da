import { request } from 'undici';
import { type Client, createClient, smallPacket, startFleet, startRail, startServers } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';

interface Rig {
  url: string;
  key: string;
  stop: () => Promise<void>;
}

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const open = (source = 'sales-01', more = {}) =>
  smallPacket('any', source, { claim_policy: 'open', ...more });

const standalone = async (): Promise<Rig> => startRail({ env: { HR_DURABILITY: 'relaxed' } });

const services = async (): Promise<Rig> => {
  const servers = await startServers({ postgres: true });
  const fleet = await startFleet({ ...servers, databaseUrl: servers.databaseUrl, copies: { claiming: 2 } });
  const stop = async () => {
    await fleet.stop();
    await servers.stop();
  };
  return { url: fleet.url, key: fleet.key, stop };
};

const claimNextOn = (name: string, start: () => Promise<Rig>) =>
  describe(`claim-next on ${name}`, () => {
    let rig: Rig;
    let client: Client;

    beforeAll(async () => {
      rig = await start();
      client = createClient(rig.url, rig.key, 80);
    });

    afterAll(async () => {
      await client.close();
      await rig.stop();
    });

    const next = async (agent_id: string, more = {}, headers = {}) =>
      client.post('packets/claim-next', { agent_id, ...more }, headers);

    it('gives what was created just before, and nothing when there is nothing', async () => {
      const made = await client.post('packets', open());
      const { status, body, headers } = await next('bob', { lease_seconds: 60 });
      expect(status).toBe(200);
      expect(body.packets).toHaveLength(1);
      expect(body.packets[0]).toMatchObject({ id: made.body.id, status: 'claimed', claim: { attempt: 1 } });
      expect(headers['handoffrail-position']).toBe(body.packets[0].position);
      expect((await next('bob')).body).toEqual({ packets: [] });
      const done = await client.post(`packets/${made.body.id}/complete`, {
        agent_id: 'bob',
        claim_id: body.packets[0].claim.claim_id,
      });
      expect(done.status).toBe(200);
    });

    it('hands a packet to an agent that waits', async () => {
      const waiting = next('bob', { wait_seconds: 20 });
      await pause(300);
      const startedAt = performance.now();
      const made = await client.post('packets', open());
      expect((await waiting).body.packets[0].id).toBe(made.body.id);
      expect(performance.now() - startedAt).toBeLessThan(2_000);
    });

    it('gives the same packets again for a repeated key, and refuses another body under it', async () => {
      await client.post('packets', open());
      await client.post('packets', open());
      const key = { 'idempotency-key': `next-${name}` };
      const first = await next('bob', {}, key);
      const again = await next('bob', {}, key);
      expect(again.body.packets.map(({ id }: { id: string }) => id)).toEqual([first.body.packets[0].id]);
      expect(again.headers['idempotency-replayed']).toBe('true');
      expect((await next('bob', { max: 2 }, key)).body.code).toBe('idempotency_mismatch');
      expect((await next('bob')).body.packets).toHaveLength(1);
    });

    it('lets a bound key ask for its own agent only, and refuses what is out of bounds', async () => {
      const made = await client.post('keys', { name: 'eve', role: 'agent', agent_id: 'eve' });
      const bound = createClient(rig.url, made.body.key);
      expect((await bound.post('packets/claim-next', { agent_id: 'bob' })).body.code).toBe('forbidden');
      expect((await bound.post('packets/claim-next', { agent_id: 'eve' })).status).toBe(200);
      await bound.close();
      for (const wrong of [
        { max: 0 },
        { max: 51 },
        { wait_seconds: 31 },
        { lease_seconds: 0 },
        { maximum: 1 },
      ])
        expect((await next('bob', wrong)).body.code).toBe('validation_failed');
      expect((await client.post('packets/claim-next', {})).status).toBe(422);
    });

    it('gives nothing to a client that has gone away', async () => {
      const gone = new AbortController();
      const call = request(`${rig.url}/api/v1/packets/claim-next`, {
        method: 'POST',
        headers: { 'x-api-key': rig.key, 'content-type': 'application/json' },
        body: JSON.stringify({ agent_id: 'ghost', wait_seconds: 20 }),
        signal: gone.signal,
      }).catch(() => undefined);
      await pause(300);
      gone.abort();
      await call;
      await pause(100);
      const made = await client.post('packets', open());
      const { body } = await next('bob', { wait_seconds: 5 });
      expect(body.packets.map(({ id }: { id: string }) => id)).toEqual([made.body.id]);
    });

    it('gives back what was claimed while its caller went away', async () => {
      const ghosts = Array.from({ length: 20 }, (_, n) => n);
      await client.post('packets/batch', { packets: ghosts.map(() => open()) });
      await Promise.all(
        ghosts.map(async (n) => {
          const gone = new AbortController();
          const call = request(`${rig.url}/api/v1/packets/claim-next`, {
            method: 'POST',
            headers: { 'x-api-key': rig.key, 'content-type': 'application/json' },
            body: JSON.stringify({ agent_id: 'ghost', wait_seconds: 5 }),
            signal: gone.signal,
          }).catch(() => undefined);
          await pause(n % 7);
          gone.abort();
          await call;
        }),
      );
      const given = new Set<string>();
      for (let round = 0; round < 40 && given.size < ghosts.length; round += 1) {
        const { body } = await next('bob', { max: 50, wait_seconds: 1 });
        for (const { id } of body.packets) given.add(id);
      }
      expect(given.size).toBe(ghosts.length);
    });

    it('shares packets out among many workers, each once', async () => {
      const made = await client.post('packets/batch', { packets: Array.from({ length: 400 }, () => open()) });
      const wanted: string[] = made.body.created.map(({ id }: { id: string }) => id);
      const given: string[] = [];
      const work = async (_: unknown, n: number) => {
        for (;;) {
          const { status, body } = await next(`worker-${n}`, { wait_seconds: 1 });
          expect(status).toBe(200);
          if (body.packets.length === 0) return;
          for (const { id } of body.packets) given.push(id);
        }
      };
      await Promise.all(Array.from({ length: 32 }, work));
      expect([...given].sort()).toEqual([...wanted].sort());
    });

    it('answers those who wait when it stops', async () => {
      const waiting = next('bob', { wait_seconds: 20 });
      await pause(200);
      const startedAt = performance.now();
      const stopped = rig.stop();
      expect((await waiting).body).toEqual({ packets: [] });
      await stopped;
      expect(performance.now() - startedAt).toBeLessThan(9_000);
    });
  });

claimNextOn('the standalone rail', standalone);
claimNextOn('separate services', services);
