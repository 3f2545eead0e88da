import type { CreateInput, PacketDocument } from '#libs/packet';
import { parsePacketId } from '#libs/packet';
import type { BodyName } from '../generated/bodies.js';
import type {
  ClaimPacketsBody,
  CompletePacketsBody,
  CreatePacketsBody,
  ProblemDocument,
} from '../generated/wire.js';
import type { LocalCall } from './call.js';
import { checked } from './checked.js';
import { createPacket } from './new-packets.js';
import { orders } from './orders.js';
import { notFound, problemOf, Refusal } from './refusal.js';
import { carryOut, type Order, type Turn } from './turn.js';

type Outcome = { packet: PacketDocument } | { error: ProblemDocument };

/** What a task comes to: each item of a batch succeeds or fails by itself. */
const tried = (task: () => PacketDocument): Outcome => {
  try {
    return { packet: task() };
  } catch (error) {
    if (error instanceof Refusal) return { error: problemOf(error, '/api/v1/packets/batch') };
    throw error;
  }
};

const packetsIn = (outcomes: Outcome[]): PacketDocument[] =>
  outcomes.flatMap((outcome) => ('packet' in outcome ? outcome.packet : []));

const errorsIn = <T>(outcomes: Outcome[], named: (index: number) => T) =>
  outcomes.flatMap((outcome, index) => ('error' in outcome ? { ...named(index), error: outcome.error } : []));

export const createPackets = (turn: Turn, { body, facts }: LocalCall) => {
  const { packets } = checked<CreatePacketsBody>('CreatePacketsBody', body);
  const outcomes = packets.map((packet, index) =>
    tried(() => {
      const input = checked<CreateInput>('CreatePacketBody', packet);
      return createPacket(turn, input, { facts, place: String(index) }).packet;
    }),
  );
  return { created: packetsIn(outcomes), errors: errorsIn(outcomes, (index) => ({ index })) };
};

const each = <B extends ClaimPacketsBody | CompletePacketsBody>(
  turn: Turn,
  { body: value, facts }: LocalCall,
  { name, orderOf }: { name: BodyName; orderOf: (body: B) => Pick<Order, 'type' | 'data'> },
) => {
  const body = checked<B>(name, value);
  const claimIds = ('claim_ids' in body && body.claim_ids) || {};
  const outcomes = body.packet_ids.map((text) =>
    tried(() => {
      const id = parsePacketId(text);
      if (id === null) throw notFound('packet');
      const claimId = claimIds[text];
      return carryOut(turn, { id, ...orderOf(body), facts: { ...facts, claimId } } as Order).packet;
    }),
  );
  const errors = errorsIn(outcomes, (index) => ({ packet_id: body.packet_ids[index] ?? '' }));
  return { done: packetsIn(outcomes), errors };
};

export const claimPackets = (turn: Turn, call: LocalCall) => {
  const { commands_claim } = orders;
  const orderOf = (body: ClaimPacketsBody) => ({ type: 'claim' as const, data: commands_claim.data(body) });
  const { done, errors } = each(turn, call, { name: 'ClaimPacketsBody', orderOf });
  return { claimed: done, errors };
};

export const completePackets = (turn: Turn, call: LocalCall) => {
  const { commands_complete } = orders;
  const orderOf = (body: CompletePacketsBody) => ({
    type: 'complete' as const,
    data: commands_complete.data(body),
  });
  const { done, errors } = each(turn, call, { name: 'CompletePacketsBody', orderOf });
  return { completed: done, errors };
};
