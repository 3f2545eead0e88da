import { formatPosition } from '#libs/contracts';
import type { CommandReply, CommandRequest } from '#libs/contracts';
import { fold, toDocument } from '#libs/packet';
import type { ExistingPacket, PacketId } from '#libs/packet';
import type { RecordedEvent } from './recorded-event.js';
import type { PacketLog } from './packet-log.js';
import type { Loaded } from './state-cache.js';

interface Asked {
  log: PacketLog;
  request: CommandRequest;
}

type How = { replayed: boolean; quiet: boolean };

const changed: How = { replayed: false, quiet: false };
const quiet: How = { replayed: false, quiet: true };
const replayed: How = { replayed: true, quiet: false };

const accepted = (packet: ExistingPacket, sequence: number, how: How): CommandReply => ({
  outcome: 'accepted',
  packet: toDocument(packet, formatPosition(sequence)),
  ...how,
});

const notFound: CommandReply = {
  outcome: 'refused',
  rejection: { code: 'not_found', detail: 'There is no such packet. Check its id.' },
};

const answerFold = (recorded: readonly RecordedEvent[], how: How): CommandReply => {
  const packet = fold(recorded.map(({ event }) => event));
  const sequence = recorded.at(-1)?.sequence ?? 0;
  return packet.status === 'absent' ? notFound : accepted(packet, sequence, how);
};

/** The child that a recorded chain command made, as it was made. */
const answerChild = async (
  { log, request }: Asked,
  chained: RecordedEvent,
  how: How,
): Promise<CommandReply> => {
  if (chained.event.type !== 'packet.chained') return notFound;
  const child: PacketId = chained.event.data.child_packet_id;
  // Its first events: those that came with it.
  const first = await log.events(request.meta.tenant_id, child, { limit: 2 });
  return answerFold(
    first.filter(({ event }) => event.causation_id === chained.event.causation_id),
    how,
  );
};

/** After an append: the packet with its new events; for a chain the child. */
export const answerAccepted = ({
  packet,
  sequence,
}: {
  packet: ExistingPacket;
  sequence: number;
}): CommandReply => accepted(packet, sequence, changed);

/** The answer of before: the packet as that command left it. @throws LogUnavailable */
export const answerReplayed = async (asked: Asked, revision: number): Promise<CommandReply> => {
  const { tenant_id, packet_id } = asked.request.meta;
  const recorded = await asked.log.events(tenant_id, packet_id, { limit: revision });
  const last = recorded.at(-1);
  if (asked.request.type === 'chain' && last !== undefined) return answerChild(asked, last, replayed);
  return answerFold(recorded, replayed);
};

/** What was asked for already is: the packet as it is now; for a chain the child. @throws LogUnavailable */
export const answerQuiet = async (asked: Asked, ground: Loaded): Promise<CommandReply> => {
  const { packet, sequence } = ground;
  if (packet.status === 'absent') return notFound;
  if (asked.request.type !== 'chain') return accepted(packet, sequence, quiet);
  const { tenant_id, packet_id, command_id } = asked.request.meta;
  const recorded = await asked.log.events(tenant_id, packet_id);
  const chained = recorded.findLast(({ event }) => event.causation_id === command_id);
  return chained === undefined ? accepted(packet, sequence, quiet) : answerChild(asked, chained, quiet);
};
