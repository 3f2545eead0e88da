import { ConflictError, ValidationError } from '../errors.js';
import type { Contents, StoredAgent, StoredPacket } from './contents.js';
import { BadFormat, Lines, parseFile } from './file-format.js';
import type { Turn } from './turn.js';

/** All that a local rail holds: packets with everything that happened to them, and agents. It is JSON. */
export interface LocalExport {
  format: string;
  version: number;
  /** With all that happened to each. */
  packets: StoredPacket[];
  agents: StoredAgent[];
}

/** What an import came to. */
export interface Imported {
  /** Packets taken over. */
  imported: number;
  /** Those that were there already, and the same. */
  skipped: number;
}

const lines = new Lines();

export const exported = ({ draft }: Turn): LocalExport => {
  const packets = new Map([...draft.allPackets()].map((stored) => [stored.id, stored]));
  const agents = new Map(draft.allAgents().map((agent) => [agent.id, agent]));
  return JSON.parse(lines.render({ position: draft.position, packets, agents })) as LocalExport;
};

/** @throws ValidationError for what is no export */
export const readExport = (from: LocalExport | string): Contents => {
  try {
    return parseFile(typeof from === 'string' ? from : JSON.stringify(from), new Map());
  } catch (error) {
    if (!(error instanceof BadFormat)) throw error;
    const message = `This is no export of a local rail: ${error.message}.`;
    throw new ValidationError({ code: 'validation_failed', message });
  }
};

const isSame = (a: StoredPacket, b: StoredPacket): boolean =>
  JSON.stringify(a.events) === JSON.stringify(b.events);

/** Takes over what is not there yet, all of it or nothing. @throws ConflictError for a packet that has another past here */
export const takeOver = ({ draft }: Turn, from: Contents): Imported => {
  const packets = [...from.packets.values()];
  const missing = packets.filter(({ id }) => draft.packet(id) === undefined);
  for (const packet of packets) {
    const own = draft.packet(packet.id);
    if (own === undefined || isSame(own, packet)) continue;
    const message = `The packet ${packet.id} is here with another history: nothing was imported.`;
    throw new ConflictError({ code: 'already_exists', message });
  }
  for (const { id, events } of missing) draft.adopt(id, events);
  for (const agent of from.agents.values())
    if (draft.agent(agent.id) === undefined) draft.agents.set(agent.id, agent);
  return { imported: missing.length, skipped: packets.length - missing.length };
};
