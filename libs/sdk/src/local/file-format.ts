import { type PacketEvent, parsePacketId, type RawEvent, upcast } from '#libs/packet';
import type { Contents, StoredAgent, StoredPacket } from './contents.js';

const format = 'handoffrail-local';
const version = 1;

/** Why a text is no store of handoffs. */
export class BadFormat extends Error {}

/** Packets by the line that they stand on: what has not changed is not read again. */
export type KnownLines = ReadonlyMap<string, StoredPacket>;

const isObject = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

const isEventOf = (event: PacketEvent | null, id: string, revision: number): event is PacketEvent =>
  event !== null && event.packet_id === id && event.revision === revision;

const eventsOf = (id: string, raw: unknown): PacketEvent[] => {
  if (!Array.isArray(raw) || raw.length === 0) throw new BadFormat(`the packet ${id} has no events`);
  return raw.map((one: unknown, index) => {
    const event = isObject(one) ? upcast(one as unknown as RawEvent) : null;
    const isFirst = (index === 0) === (event?.type === 'packet.created');
    if (isEventOf(event, id, index + 1) && isFirst) return event;
    throw new BadFormat(`event ${index + 1} of the packet ${id} is not one`);
  });
};

const leaseOf = (raw: unknown): Pick<StoredPacket, 'lease'> => {
  if (raw === undefined) return {};
  if (isObject(raw) && typeof raw['claim_id'] === 'string' && typeof raw['at'] === 'string')
    return { lease: raw as unknown as NonNullable<StoredPacket['lease']> };
  throw new BadFormat('a lease is not one');
};

/** @throws BadFormat */
const packetFrom = (raw: unknown): StoredPacket => {
  const id = isObject(raw) && typeof raw['id'] === 'string' ? parsePacketId(raw['id']) : null;
  if (!isObject(raw) || id === null) throw new BadFormat('a packet has no id');
  const { position } = raw;
  if (!Number.isSafeInteger(position)) throw new BadFormat(`the packet ${id} has no position`);
  return { id, position: position as number, events: eventsOf(id, raw['events']), ...leaseOf(raw['lease']) };
};

const agentFrom = (raw: unknown): StoredAgent => {
  if (isObject(raw) && typeof raw['id'] === 'string' && Array.isArray(raw['capabilities']))
    return raw as unknown as StoredAgent;
  throw new BadFormat('an agent is not one');
};

const checkHead = (head: unknown): number => {
  if (!isObject(head) || head['format'] !== format) throw new BadFormat('it does not say that it is one');
  const { version: written, position } = head;
  if (typeof written === 'number' && written > version)
    throw new BadFormat(`a newer version of this program wrote it (format ${written})`);
  if (written !== version || !Number.isSafeInteger(position))
    throw new BadFormat('its first line is damaged');
  return position as number;
};

const parseJson = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new BadFormat(error instanceof Error ? error.message : String(error));
  }
};

const listOf = (value: unknown, name: string): unknown[] => {
  if (Array.isArray(value)) return value;
  throw new BadFormat(`it has no list of ${name}`);
};

const gathered = (position: number, packets: StoredPacket[], agents: StoredAgent[]): Contents => {
  const contents: Contents = {
    position,
    packets: new Map(packets.map((packet) => [packet.id, packet])),
    agents: new Map(agents.map((agent) => [agent.id, agent])),
  };
  if (contents.packets.size !== packets.length) throw new BadFormat('a packet is in it twice');
  return contents;
};

const between = '],"agents":[';

/** The text in its parts, if it is laid out as it is written here: a line for each packet. */
const partsOf = (text: string) => {
  const lines = text.split('\n');
  const middle = lines.indexOf(between);
  const [head = ''] = lines;
  if (middle < 0 || !head.endsWith(',"packets":[')) return null;
  const withoutComma = (line: string) => (line.endsWith(',') ? line.slice(0, -1) : line);
  const [packets, rest] = [lines.slice(1, middle), lines.slice(middle)];
  const filled = packets.filter((line) => line !== '');
  return { head: `${head}]}`, packets: filled.map(withoutComma), rest: `{${rest.join('\n').slice(2)}` };
};

/** What a file holds. @throws BadFormat */
export const parseFile = (text: string, known: KnownLines): Contents => {
  const parts = partsOf(text);
  if (parts === null) {
    const whole = parseJson(text);
    const position = checkHead(whole);
    const { packets, agents } = whole as Record<string, unknown>;
    return gathered(
      position,
      listOf(packets, 'packets').map(packetFrom),
      listOf(agents, 'agents').map(agentFrom),
    );
  }
  const position = checkHead(parseJson(parts.head));
  const packets = parts.packets.map((line) => known.get(line) ?? packetFrom(parseJson(line)));
  const { agents } = parseJson(parts.rest) as Record<string, unknown>;
  return gathered(position, packets, listOf(agents, 'agents').map(agentFrom));
};

/** Packets as lines, made once for each. */
export class Lines {
  readonly #lines = new WeakMap<StoredPacket, string>();

  of(packet: StoredPacket): string {
    const known = this.#lines.get(packet);
    if (known !== undefined) return known;
    const { id, position, events, lease } = packet;
    // The same order, whoever made it: a line is looked up as it stands in the file.
    const line = JSON.stringify({ id, position, lease, events });
    this.#lines.set(packet, line);
    return line;
  }

  known({ packets }: Contents): KnownLines {
    return new Map([...packets.values()].map((packet) => [this.of(packet), packet]));
  }

  /** The whole file: JSON, with a line for each packet. */
  render({ position, packets, agents }: Contents): string {
    const head = JSON.stringify({ format, version, position }).slice(0, -1);
    const packetLines = [...packets.values()].map((packet) => this.of(packet)).join(',\n');
    const agentLines = [...agents.values()].map((agent) => JSON.stringify(agent)).join(',\n');
    return `${head},"packets":[\n${packetLines}\n${between}\n${agentLines}\n]}\n`;
  }
}
