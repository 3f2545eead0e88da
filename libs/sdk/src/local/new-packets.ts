import {
  checkNewPacket,
  childChain,
  type CreateInput,
  type Inherit,
  type NewPacket,
  normalizeNewPacket,
  type PacketCommandData,
  type PacketId,
  type Rejection,
  routableOf,
} from '#libs/packet';
import { given } from './orders.js';
import { packetOf } from './contents.js';
import { invalid, Refusal } from './refusal.js';
import { routeFor } from './route-packets.js';
import { checkResponseSchema } from './structured-answers.js';
import { type CallFacts, carryOut, type Done, localLimits, localTenant, type Turn } from './turn.js';
import { derivedUuid, randomHex, uuidv7 } from './uuid.js';

const newId = (facts: CallFacts, ...parts: string[]): PacketId =>
  (facts.key === undefined ? uuidv7() : derivedUuid(localTenant, ...parts, facts.key)) as PacketId;

type Errors = NonNullable<Rejection['errors']>;

/** Schemas are registered with a server; here there is none by any name. */
const schemaErrors = ({ terms }: NewPacket): Errors =>
  terms.schema_id === undefined
    ? []
    : [
        {
          field: 'schema_id',
          code: 'not_found',
          message: 'Local mode has no registered schemas: leave it out.',
        },
      ];

const errorsOf = (packet: NewPacket, now: Turn['now']): Errors => [
  ...(checkNewPacket(packet, now)?.errors ?? []),
  ...(checkResponseSchema(packet.hitl)?.errors ?? []),
  ...schemaErrors(packet),
];

const fresh = () => ({ trace_id: randomHex(16), approval_id: uuidv7() });

/** Who gets a packet that names nobody. */
const choiceFor = (turn: Turn, packet: NewPacket): Pick<PacketCommandData['create'], 'route'> =>
  packet.content.metadata.target_agent === undefined ? routeFor(turn, routableOf(packet)) : {};

/** Where the packet stands in the chain of a parent that it names. @throws Refusal */
const placeOf = ({ draft }: Turn, { content, terms }: NewPacket): Partial<PacketCommandData['create']> => {
  if (terms.parent_packet_id === null) return {};
  const parent = draft.packet(terms.parent_packet_id);
  if (parent === undefined) {
    const message = 'There is no such packet.';
    throw invalid([{ field: 'parent_packet_id', code: 'not_found', message }]);
  }
  const place = childChain(packetOf(parent), content.metadata.source_agent.id, localLimits);
  if ('rejection' in place) throw new Refusal(place.rejection);
  return { chain: place.chain, limits: localLimits };
};

/** @throws Refusal */
export const createPacket = (
  turn: Turn,
  body: CreateInput,
  { facts, place = '' }: { facts: CallFacts; place?: string },
): Done => {
  const packet = normalizeNewPacket(body, { now: turn.now });
  const id = newId(facts, 'create', place);
  const isRepeated = facts.key !== undefined && turn.draft.packet(id) !== undefined;
  const errors = isRepeated ? [] : errorsOf(packet, turn.now);
  if (errors.length > 0) throw invalid(errors);
  const data = {
    packet,
    ...fresh(),
    ...(isRepeated ? {} : { ...placeOf(turn, packet), ...choiceFor(turn, packet) }),
  };
  return carryOut(turn, { id, type: 'create', data, facts });
};

export type ChainInput = Omit<CreateInput, 'parent_packet_id'> & {
  inherit?: Inherit | null;
  agent_id?: string | null;
  claim_id?: string | null | undefined;
};

/** Makes a child of a packet. @throws Refusal */
export const chainPacket = (
  turn: Turn,
  { parent, body, facts }: { parent: PacketId; body: ChainInput; facts: CallFacts },
): Done => {
  const child = normalizeNewPacket(body, { now: turn.now });
  // An action of the child may wait for one that it inherits, which the domain looks at.
  const errors = errorsOf(child, turn.now).filter(({ code }) => code !== 'unknown_action');
  if (errors.length > 0) throw invalid(errors);
  const child_id = newId(facts, 'chain', parent);
  const { agent_id } = given(body, 'agent_id');
  const data = {
    ...{ child_id, child, inherit: body.inherit ?? 'all', limits: localLimits, ...fresh() },
    ...choiceFor(turn, child),
    ...(agent_id !== undefined && { agent_id }),
  };
  return carryOut(turn, { id: parent, type: 'chain', data, facts });
};
