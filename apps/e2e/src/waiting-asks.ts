import { randomUUID } from 'node:crypto';
import type { PacketCommandData, PacketCommandType, PacketId } from '#libs/packet';
import { instantAt, normalizeApproval, normalizeNewPacket } from '#libs/packet';
import { smallPacket } from '#libs/testing';
import type { WaitingPacket } from './waiting-rail.js';

/** One request over HTTP. `command` is what it comes to for the packet, where it names the packet. */
export interface HttpAsk {
  route: string;
  path: string;
  body?: object;
  command?: PacketCommandType;
}

export const vote = { response: 'Approve', responded_by: 'Mira' };
export const change = { context: { summary: 'Pay twice as much' } };
const reason = 'I would rather not wait';
const hitl = { reason };
const child = smallPacket('cy', 'bo');

type Row = [command: PacketCommandType | undefined, route: string, body?: object];

/** As whom an unbound key acts: who holds the packet, or who made it. */
export const actor = ({ kind, claim_id }: WaitingPacket, as?: string) => ({
  agent_id: as ?? (kind === 'held' ? 'bo' : 'ana'),
  ...(claim_id !== undefined && { claim_id }),
});

const commandRows = (by: { agent_id?: string; claim_id?: string }): Row[] => {
  const { claim_id: _token, ...who } = by;
  return [
    ['claim', 'POST /{id}/claim', { agent_id: who.agent_id ?? 'bo' }],
    ['start', 'POST /{id}/start', by],
    ['progress', 'POST /{id}/progress', { percent: 50, ...by }],
    ['complete', 'POST /{id}/complete', { result: 1, ...by }],
    ['fail', 'POST /{id}/fail', { reason, ...by }],
    ['fail', 'POST /{id}/fail', { reason, retryable: true, ...by }],
    ['reject', 'POST /{id}/reject', { reason, ...by }],
    ['release', 'POST /{id}/release', by],
    ['request_approval', 'POST /{id}/request-approval', { hitl, ...by }],
    ['chain', 'POST /{id}/chain', { ...child, ...by }],
    ['retry', 'POST /{id}/retry', who],
    ['cancel', 'POST /{id}/cancel', who],
    ['cancel', 'DELETE /{id}'],
    ['respond', 'POST /{id}/respond', vote],
    ['update', 'PATCH /{id}', { ...change, ...by }],
    ['start', 'PATCH /{id}', { status: 'in_progress', ...by }],
    ['complete', 'PATCH /{id}', { status: 'completed', ...by }],
    ['fail', 'PATCH /{id}', { status: 'failed', ...by }],
    ['request_approval', 'PATCH /{id}', { status: 'awaiting_human', hitl, ...by }],
  ];
};

/** Requests that are not for this packet by a command, and must not move it either. */
const otherRows = ({ id, claim_id = randomUUID() }: WaitingPacket): Row[] => [
  [undefined, 'POST ', { ...child, parent_packet_id: id }],
  [undefined, 'POST /batch', { packets: [{ ...child, parent_packet_id: id }] }],
  [undefined, 'POST /claim-next', { agent_id: 'bo', max: 50 }],
  [undefined, 'POST /{id}/heartbeat', { claim_id, progress: { percent: 90 } }],
];

const batchRows = ({ id, claim_id }: WaitingPacket): Row[] => {
  const packet_ids = [id];
  return [
    ['claim', 'POST /batch/claim', { packet_ids, agent_id: 'bo' }],
    ['complete', 'POST /batch/complete', { packet_ids, ...(claim_id && { claim_ids: { [id]: claim_id } }) }],
    ['retry', 'POST /batch/retry', { packet_ids }],
    ['retry', 'POST /batch/retry', { filter: { hitl_required: true } }],
    ['cancel', 'POST /batch/cancel', { packet_ids }],
    ['cancel', 'POST /batch/cancel', { filter: { hitl_required: true } }],
  ];
};

const approvalRows: Row[] = [
  ['respond', 'POST /{id}/respond', vote],
  [undefined, 'POST /{id}/links', { approver: 'mira' }],
  [undefined, 'DELETE /{id}/links/{link_id}'],
];

const ask =
  (base: string, id: string) =>
  ([command, tail, body]: Row): HttpAsk => {
    const [method, path = ''] = tail.split(' ');
    const route = `/api/v1/${base}${path}`;
    return {
      route: `${method} ${route}`,
      path: route.replace('{id}', id).replace('{link_id}', randomUUID()),
      ...(body && { body }),
      ...(command && { command }),
    };
  };

/** Every route that can change a packet, with bodies that would; `as` is the agent that the caller says it is. */
export const httpAsks = (waiting: WaitingPacket, as: string | undefined, isNamed = true): HttpAsk[] => {
  const { agent_id, ...token } = actor(waiting, as);
  const by = isNamed ? { agent_id, ...token } : token;
  const rows = [...commandRows(by), ...otherRows(waiting), ...batchRows(waiting)];
  return [...rows.map(ask('packets', waiting.id)), ...approvalRows.map(ask('approvals', waiting.approval))];
};

/** Every command as it would travel over NATS. */
export const natsAsks = ({ id, approval: approval_id, claim_id }: WaitingPacket): PacketCommandData => {
  const now = instantAt(Date.now());
  const limits = { max_bytes: 1_000_000, max_chain_depth: 32, max_path_repeats: 3 };
  const packet = normalizeNewPacket(child, { now });
  const fresh = { trace_id: '0'.repeat(32), approval_id: randomUUID(), limits };
  const target = { id: 'cy', name: 'cy' };
  const route = { target, candidates: [], strategy: 'any', confidence: 1 };
  const agent_id = claim_id === undefined ? 'ana' : 'bo';
  return {
    create: { packet, ...fresh },
    claim: { agent: { id: 'bo', name: 'bo' }, claim_id: randomUUID() },
    start: {},
    progress: { percent: 50 },
    update: { agent_id, patch: change, limits, approval_id: randomUUID() },
    request_approval: { policy: normalizeApproval(hitl), approval_id: randomUUID() },
    respond: { approval_id, ...vote, next_claim_id: randomUUID() },
    escalate_approval: { approval_id, step: 1 },
    remind_approval: { approval_id },
    time_out_approval: { approval_id, next_claim_id: randomUUID() },
    complete: { result: 1 },
    fail: { code: 'failed', reason, retryable: true, jitter: 0 },
    reject: { reason, route },
    release: {},
    lose_claim: { lost_claim_id: claim_id ?? id, ended_at: now, jitter: 0 },
    route,
    cancel: {},
    expire: { reason },
    retry: {},
    chain: { child_id: randomUUID() as PacketId, child: packet, inherit: 'all', ...fresh },
  };
};
