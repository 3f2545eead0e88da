import {
  commandsFrom,
  type CreateInput,
  type PacketDocument,
  type PacketId,
  type PacketStatus,
  parsePacketId,
} from '#libs/packet';
import type {
  ClaimPacketsBody,
  CompletePacketsBody,
  CreatePacketsBody,
  PacketFilterBody,
  ProblemDocument,
  ReasonsBody,
} from '../generated/wire.js';
import type { LocalCall } from './call.js';
import { checked } from './checked.js';
import { packetOf } from './contents.js';
import { filterOf } from './filter.js';
import { createPacket } from './new-packets.js';
import { claimData, completeData, reasonData } from './orders.js';
import { invalid, notFound, problemOf, Refusal } from './refusal.js';
import { type CallFacts, carryOut, type Order, type Turn } from './turn.js';

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

interface Many {
  ids: readonly string[];
  /** Fencing tokens by packet. */
  claimIds?: Record<string, string | undefined>;
  facts: CallFacts;
  step: Pick<Order, 'type' | 'data'>;
}

/** The same step for many packets. */
const ofAll = (turn: Turn, { ids, claimIds = {}, facts, step }: Many) => {
  const outcomes = ids.map((text) =>
    tried(() => {
      const id = parsePacketId(text);
      if (id === null) throw notFound('packet');
      return carryOut(turn, { id, ...step, facts: { ...facts, claimId: claimIds[text] } } as Order).packet;
    }),
  );
  return {
    done: packetsIn(outcomes),
    errors: errorsIn(outcomes, (index) => ({ packet_id: ids[index] ?? '' })),
  };
};

export const claimPackets = (turn: Turn, { body: value, facts }: LocalCall) => {
  const body = checked<ClaimPacketsBody>('ClaimPacketsBody', value);
  const outcomes = body.packet_ids.map((id) => {
    // Each claim has a fencing token of its own.
    const step = { type: 'claim' as const, data: claimData(body) };
    return ofAll(turn, { ids: [id], facts, step });
  });
  return {
    claimed: outcomes.flatMap(({ done }) => done),
    errors: outcomes.flatMap(({ errors }) => errors),
  };
};

export const completePackets = (turn: Turn, { body: value, facts }: LocalCall) => {
  const body = checked<CompletePacketsBody>('CompletePacketsBody', value);
  const step = { type: 'complete' as const, data: completeData(body) };
  const claimIds = body.claim_ids ?? {};
  const { done, errors } = ofAll(turn, { ids: body.packet_ids, claimIds, facts, step });
  return { completed: done, errors };
};

type FilteredType = 'retry' | 'cancel';

const isPossible = (type: FilteredType, status: PacketStatus): boolean => commandsFrom(status).includes(type);

/** The packets that a filter chooses for a command, oldest first. @throws Refusal */
const chosenBy = (turn: Turn, type: FilteredType, filter: PacketFilterBody): PacketId[] => {
  const given = Object.entries(filter).filter(([, value]) => value !== null && value !== undefined);
  if (given.length === 0)
    throw invalid([{ field: 'filter', code: 'empty', message: 'Say which packets you mean.' }]);
  const wrong = (filter.status ?? []).filter((status) => !isPossible(type, status));
  if (wrong.length > 0) {
    const message = `${type} is not possible in ${wrong.join(', ')}: leave that out.`;
    throw invalid([{ field: 'filter.status', code: 'not_possible', message }]);
  }
  const query = new URLSearchParams(given.map(([name, value]): [string, string] => [name, String(value)]));
  const test = filterOf(query, [], turn.now);
  const packets = [...turn.draft.allPackets()].map(packetOf);
  return packets.filter((packet) => isPossible(type, packet.status) && test(packet)).map(({ id }) => id);
};

const contradiction = (field: string, message: string): Refusal =>
  invalid([{ field, code: 'contradiction', message }]);

/** Exactly one of the two says which packets, and what belongs to a filter comes with one. @throws Refusal */
const checkTarget = ({ packet_ids, filter, ...withFilter }: ReasonsBody): void => {
  if (!packet_ids === !filter)
    throw contradiction(filter ? 'filter' : 'packet_ids', 'Send either packet_ids or filter.');
  const stray = (['limit', 'dry_run'] as const).find((field) => (withFilter[field] ?? null) !== null);
  if (packet_ids && stray !== undefined) throw contradiction(stray, `Send ${stray} only with filter.`);
};

/** Packets that one batch chooses by a filter when nothing is said. */
const defaultLimit = 100;

/** Retries or cancels packets that are named, or that a filter chooses. @throws Refusal */
const changePackets = (turn: Turn, { body: value, facts }: LocalCall, type: FilteredType) => {
  const body = checked<ReasonsBody>('ReasonsBody', value);
  checkTarget(body);
  const step = { type, data: reasonData(body) };
  if (!body.filter) return ofAll(turn, { ids: body.packet_ids ?? [], facts, step });
  const matching = chosenBy(turn, type, body.filter);
  const packet_ids = matching.slice(0, body.limit ?? defaultLimit);
  const told = {
    packet_ids,
    matched: matching.length,
    matched_capped: false,
    dry_run: body.dry_run ?? false,
  };
  return told.dry_run
    ? { done: [], errors: [], ...told }
    : { ...ofAll(turn, { ids: packet_ids, facts, step }), ...told };
};

export const retryPackets = (turn: Turn, call: LocalCall) => {
  const { done: retried, ...told } = changePackets(turn, call, 'retry');
  return { retried, ...told };
};

export const cancelPackets = (turn: Turn, call: LocalCall) => {
  const { done: cancelled, ...told } = changePackets(turn, call, 'cancel');
  return { cancelled, ...told };
};
