import { type CreateInput, type PacketDocument, routableAgain } from '#libs/packet';
import type { OperationName } from '../operation.js';
import { getApproval, listApprovals, respond } from './approvals.js';
import { cancelPackets, claimPackets, completePackets, createPackets, retryPackets } from './batches.js';
import { factsOf, type LocalCall, packetIdOf } from './call.js';
import { checked } from './checked.js';
import { packetOf } from './contents.js';
import { beat } from './heartbeat.js';
import { chainPacket, type ChainInput, createPacket } from './new-packets.js';
import { orders } from './orders.js';
import { getHistory, getLineage, getPacket } from './packet-details.js';
import { listAwaiting, listPackets, searchPackets } from './packet-lists.js';
import {
  beatAgent,
  getAgent,
  listAgents,
  previewRoute,
  registerAgent,
  removeAgent,
} from './registered-agents.js';
import { routeFor } from './route-packets.js';
import { carryOut, type Order, storedPacket, type Turn } from './turn.js';
import { updatePacket } from './updates.js';

type Operation = (turn: Turn, call: LocalCall) => unknown;

const run =
  (name: keyof typeof orders): Operation =>
  (turn, call): PacketDocument => {
    const { type, body: bodyName, data } = orders[name];
    const body = checked<{ claim_id?: string | null | undefined }>(bodyName, call.body);
    const order = { id: packetIdOf(call), type, data: data(body), facts: factsOf(call, body) } as Order;
    return carryOut(turn, order.type === 'reject' ? withNext(turn, order) : order).packet;
  };

/** Who rejects it, by whatever name it may do so: none of them gets it again. */
const withNext = (turn: Turn, order: Extract<Order, { type: 'reject' }>): Order => {
  const packet = packetOf(storedPacket(turn, order.id));
  if (packet.terms.routing === undefined) return order;
  const holder =
    packet.status === 'claimed' ? packet.claim.agent.id : packet.content.metadata.target_agent?.id;
  const by = [order.data.agent_id, holder].filter((id) => id !== undefined);
  return { ...order, data: { ...order.data, ...routeFor(turn, routableAgain(packet, by)) } };
};

const create: Operation = (turn, { body, facts }) =>
  createPacket(turn, checked<CreateInput>('CreatePacketBody', body), { facts }).packet;

const chain: Operation = (turn, call) => {
  const body = checked<ChainInput>('ChainPacketBody', call.body);
  const facts = factsOf(call, body);
  return chainPacket(turn, { parent: packetIdOf(call), body, facts }).packet;
};

/** What changes nothing: it needs no lock. */
export const reads: Partial<Record<OperationName, Operation>> = {
  packets_get: getPacket,
  packets_list: listPackets,
  packets_search: searchPackets,
  packets_awaiting: listAwaiting,
  packets_history: getHistory,
  packets_lineage: getLineage,
  approvals_list: listApprovals,
  approvals_get: getApproval,
  agents_list: listAgents,
  agents_get: getAgent,
  agents_heartbeat: beatAgent,
  routing_preview: previewRoute,
};

export const writes: Partial<Record<OperationName, Operation>> = {
  packets_create: create,
  packets_chain: chain,
  packets_update: updatePacket,
  commands_claim: run('commands_claim'),
  commands_start: run('commands_start'),
  commands_progress: run('commands_progress'),
  commands_complete: run('commands_complete'),
  commands_fail: run('commands_fail'),
  commands_reject: run('commands_reject'),
  commands_release: run('commands_release'),
  commands_requestApproval: run('commands_requestApproval'),
  commands_retry: run('commands_retry'),
  commands_cancel: run('commands_cancel'),
  commands_heartbeat: beat,
  commands_respond: (turn, call) => respond(turn, call, false),
  commands_respondToApproval: (turn, call) => respond(turn, call, true),
  batches_create: createPackets,
  batches_claim: claimPackets,
  batches_complete: completePackets,
  batches_retry: retryPackets,
  batches_cancel: cancelPackets,
  agents_register: registerAgent,
  agents_remove: removeAgent,
};
