import type { PacketCommand } from './commands.js';
import { defined } from './defined.js';
import { currentSchema } from './events.js';
import type { EventFrame, PacketEvent } from './events.js';
import { nthId } from './ids.js';
import type { PacketId } from './ids.js';
import type { ChildFacts, Fact } from './outcome.js';
import { actsAsAdmin, namedAgent } from './standing.js';
import type { Packet } from './state.js';

const declaredBy = (command: PacketCommand, packet: Packet): EventFrame['declared'] => {
  const declared = defined({
    agent_id: namedAgent(command),
    responded_by: command.type === 'respond' ? command.data.responded_by : undefined,
    as_admin: packet.status !== 'absent' && actsAsAdmin(command, packet) ? (true as const) : undefined,
  });
  return Object.keys(declared).length === 0 ? undefined : declared;
};

/** What frames the facts of one command: the command, and the packet that it was asked of. */
interface Deed {
  command: PacketCommand;
  packet: Packet;
}

/** Where an event goes: whose it is, and which number it has in its packet and in its command. */
interface Place {
  packet_id: PacketId;
  root_id: PacketId;
  revision: number;
  nth: number;
}

const framed = ({ command, packet }: Deed, place: Place, fact: Fact): PacketEvent => {
  const { meta } = command;
  const { principal } = meta;
  const frame: EventFrame = {
    id: nthId(meta.event_id, place.nth),
    schema: currentSchema[fact.type],
    tenant_id: meta.tenant_id,
    packet_id: place.packet_id,
    revision: place.revision,
    occurred_at: meta.now,
    actor: { type: principal.type, id: principal.agent_id ?? principal.key_id, key_id: principal.key_id },
    causation_id: meta.command_id,
    correlation_id: place.root_id,
    traceparent: meta.traceparent,
    ...defined({ declared: declaredBy(command, packet), request_digest: meta.request_digest }),
  };
  return { ...frame, ...fact };
};

const rootOf = ({ command, packet }: Deed, [first]: Fact[]): PacketId => {
  if (packet.status !== 'absent') return packet.chain.root_id;
  return first?.type === 'packet.created' ? first.data.chain.root_id : command.meta.packet_id;
};

/** The facts of one command as events of its packet, numbered on from where the packet stands. */
export const framedFacts = (deed: Deed, facts: Fact[]): PacketEvent[] => {
  const seen = deed.packet.status === 'absent' ? 0 : deed.packet.revision;
  const { packet_id } = deed.command.meta;
  const root_id = rootOf(deed, facts);
  return facts.map((fact, nth) => framed(deed, { packet_id, root_id, revision: seen + nth + 1, nth }, fact));
};

/** The first events of the packet that a chain makes; their ids follow those of the parent's facts. */
export const framedChild = (deed: Deed, child: ChildFacts, after: number): PacketEvent[] => {
  const { id: packet_id, root_id } = child;
  return child.facts.map((fact, index) =>
    framed(deed, { packet_id, root_id, revision: index + 1, nth: after + index }, fact),
  );
};
