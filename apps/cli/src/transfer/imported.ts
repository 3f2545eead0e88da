import type { HandoffRail, HandoffRailError, PacketDocument } from '#libs/sdk';
import { UsageError } from '../shell.js';
import { bodyOf } from './body-of.js';
import type { PacketLine } from './exported.js';

/** What came of an import. */
export interface ImportOutcome {
  /** Packets that were made, by an import before perhaps, and what they were made from. */
  created: { id: string; from: string }[];
  /** Packets that had ended: nothing is left to be done. */
  left_out: { id: string; status: string }[];
  /** What the rail refused. */
  errors: { id: string; code: string; message: string }[];
}

export interface ImportOptions {
  /** Make those that had ended, too. */
  ended: boolean;
  /** Hears how many lines are done. */
  onProgress: (count: number) => void;
}

const live: PacketDocument['status'][] = ['created', 'claimed', 'in_progress', 'awaiting_human'];

const isPacket = (value: unknown): value is PacketDocument =>
  typeof value === 'object' && value !== null && 'id' in value && 'metadata' in value && 'context' in value;

const lineIn = (text: string, number: number): PacketLine => {
  try {
    const line = JSON.parse(text) as PacketLine;
    if (isPacket(line.packet)) return line;
  } catch (error) {
    if (!(error instanceof SyntaxError) && !(error instanceof TypeError)) throw error;
  }
  throw new UsageError(`Line ${number} is no packet of an export: nothing was imported.`);
};

/** The packets of an export. @throws UsageError when one of its lines is none */
export const packetsIn = (text: string): PacketDocument[] =>
  text
    .split('\n')
    .map((line, at) => [line, at + 1] as const)
    .filter(([line]) => line.trim() !== '')
    .map(([line, number]) => lineIn(line, number).packet);

/** Refused for what the packet is; another one may be made. */
const isOfPacket = (error: unknown): error is HandoffRailError =>
  error instanceof Error && 'status' in error && [400, 404, 409, 413, 422].includes(Number(error.status));

/**
 * Makes the packets anew, in their order, each under a key that is its own: what an import before has made is
 * found again. Their events stay where they are: a history tells what happened on its own rail.
 */
export const importAll = async (
  rail: HandoffRail,
  packets: readonly PacketDocument[],
  { ended, onProgress }: ImportOptions,
): Promise<ImportOutcome> => {
  const outcome: ImportOutcome = { created: [], left_out: [], errors: [] };
  const made = new Map<string, string>();
  for (const [at, packet] of packets.entries()) {
    onProgress(at);
    const { id: from, status } = packet;
    if (!ended && !live.includes(status)) {
      outcome.left_out.push({ id: from, status });
      continue;
    }
    try {
      const body = bodyOf(packet, made.get(packet.parent_packet_id ?? ''));
      const { id } = await rail.createPacket(body, { idempotencyKey: `import-${from}` });
      made.set(from, id);
      outcome.created.push({ id, from });
    } catch (error) {
      if (!isOfPacket(error)) throw error;
      outcome.errors.push({ id: from, code: error.code, message: error.message });
    }
  }
  return outcome;
};
