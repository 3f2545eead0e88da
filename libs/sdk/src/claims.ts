import type { PacketDocument } from './generated/wire.js';

/** A packet, or its id. With the document of a claim its own fencing token is used. */
export type PacketRef = string | { id: string; claim?: { claim_id: string } | null | undefined };

export const idOf = (packet: PacketRef): string => (typeof packet === 'string' ? packet : packet.id);

interface Held {
  claimId: string;
  agent: string;
}

// A client that claims for ever and never hears of the end must not grow for ever.
const most = 10_000;

const over = new Set(['completed', 'failed', 'rejected', 'cancelled', 'expired', 'created']);

/** The fencing tokens of what was claimed through one client. */
export class Claims {
  readonly #held = new Map<string, Held>();

  /** Takes over what an answer to a claim says. */
  take({ id, claim }: PacketDocument): void {
    if (claim === null) return;
    this.#held.delete(id);
    this.#held.set(id, { claimId: claim.claim_id, agent: claim.agent.id });
    const [oldest] = this.#held.keys();
    if (this.#held.size > most && oldest !== undefined) this.#held.delete(oldest);
  }

  /** Forgets the token of a packet whose claim is over. */
  see({ id, status }: PacketDocument): void {
    if (over.has(status)) this.#held.delete(id);
  }

  /** The token to send with a command of the agent, or of whoever claimed it when none is named. */
  tokenFor(packet: PacketRef, agent?: string | null): string | undefined {
    if (typeof packet !== 'string' && packet.claim) return packet.claim.claim_id;
    const held = this.#held.get(idOf(packet));
    if (held === undefined || (typeof agent === 'string' && agent !== held.agent)) return undefined;
    return held.claimId;
  }
}
