import { callSubject, type CallReply, type CommandReply, commandSubject } from '#libs/contracts';
import { connectNats, newTraceId, uuidv7 } from '#libs/event-log';
import type { CommandId, PacketId, Principal, TenantId } from '#libs/packet';
import { Pool } from 'undici';
import { Latencies, timed } from './measure.js';

/** A packet in a worker's hands. */
export interface Work {
  id: string;
  claimId: string;
}

/** How workers ask for work and hand it in. */
export interface Desk {
  next(waitSeconds: number): Promise<Work | undefined>;
  complete(work: Work): Promise<void>;
  close(): Promise<void>;
}

export const agent = 'billing-01';
const result = { subscription: 'sub-1', invoiced: true };
const field = (answer: string, name: string): string =>
  new RegExp(`"${name}":"([0-9a-f-]{36})"`).exec(answer)?.[1] ?? 'none';

/** Over HTTP. The generator shares the cores with what it measures, so it parses no answer. */
export const httpDesk = (rail: { url: string; key: string }, connections: number): Desk => {
  const pool = new Pool(rail.url, { connections, headersTimeout: 60_000 });
  const headers = { 'x-api-key': rail.key, 'content-type': 'application/json' };
  const post = async (path: string, body: object): Promise<string> => {
    const answer = await pool.request({
      method: 'POST',
      path: `/api/v1/packets/${path}`,
      headers,
      body: JSON.stringify(body),
    });
    const text = await answer.body.text();
    if (answer.statusCode >= 300) throw new Error(`${path} answered ${answer.statusCode}: ${text}`);
    return text;
  };
  return {
    next: async (wait_seconds) => {
      const answer = await post('claim-next', { agent_id: agent, wait_seconds });
      const id = field(answer, 'id');
      return id === 'none' ? undefined : { id, claimId: field(answer, 'claim_id') };
    },
    complete: async ({ id, claimId }) =>
      void (await post(`${id}/complete`, { agent_id: agent, claim_id: claimId, result })),
    close: () => pool.close(),
  };
};

const tenant_id = 'default' as TenantId;
const principal: Principal = { tenant_id, key_id: 'bench', role: 'admin', type: 'agent' };
const who = () => ({ tenant_id, principal, traceparent: `00-${newTraceId()}-00f067aa0ba902b7-00` });

/** The same as NATS requests to the service, past the gateway. */
export const natsDesk = async (natsUrl: string): Promise<Desk> => {
  const nats = await connectNats(natsUrl, 'bench');
  const ask = async <T>(subject: string, body: object): Promise<T> =>
    (await nats.request(subject, JSON.stringify(body), { timeout: 35_000 })).json<T>();
  return {
    next: async (waitSeconds) => {
      const reply = await ask<CallReply<'claim_next'>>(callSubject('claim_next'), {
        ...who(),
        ...{ agent: { id: agent, name: agent }, capabilities: [], tags: [], max: 1 },
        wait_ms: waitSeconds * 1_000,
      });
      if (reply.outcome !== 'answered') throw new Error(JSON.stringify(reply));
      const [packet] = reply.answer.packets;
      return packet && { id: packet.id, claimId: packet.claim?.claim_id ?? '' };
    },
    complete: async ({ id, claimId }) => {
      const meta = {
        ...who(),
        command_id: uuidv7() as CommandId,
        packet_id: id as PacketId,
        claim_id: claimId,
      };
      const request = { type: 'complete', meta, data: { agent_id: agent, result } };
      const reply = await ask<CommandReply>(commandSubject('complete'), request);
      if (reply.outcome !== 'accepted') throw new Error(JSON.stringify(reply));
    },
    close: () => nats.close(),
  };
};

export interface Drained {
  perSecond: number;
  /** In the order in which they were given. */
  ids: string[];
  next: Latencies;
}

/** Workers that take and hand in packets until `most` are taken or there are none. */
export const drain = async (
  desk: Desk,
  { workers, most }: { workers: number; most: number },
): Promise<Drained> => {
  const ids: string[] = [];
  const next = new Latencies();
  let last = performance.now();
  const start = last;
  const work = async (): Promise<void> => {
    while (ids.length < most) {
      const one = await timed(next, () => desk.next(1));
      if (one === undefined) return;
      ids.push(one.id);
      await desk.complete(one);
      last = performance.now();
    }
  };
  await Promise.all(Array.from({ length: workers }, work));
  return { perSecond: ids.length / ((last - start) / 1_000), ids, next };
};
