import { idOf, type PacketRef } from './claims.js';
import type { ChainPacketBody, CreatePacketBody } from './generated/wire.js';
import { PacketParts } from './packet-parts.js';

/** Builds the body of `createPacket`. */
export class PacketBuilder extends PacketParts {
  #parent: string | undefined;

  /** Names the packet that this one follows from, without taking its context over. */
  withParent(packet: PacketRef): this {
    this.#parent = idOf(packet);
    return this;
  }

  /**
   * The body for `createPacket`.
   *
   * @throws ValidationError, which names what is missing
   */
  build(): CreatePacketBody {
    return { ...this.content(), ...(this.#parent !== undefined && { parent_packet_id: this.#parent }) };
  }
}

/** Builds the body of `chainPacket`. */
export class ChainBuilder extends PacketParts {
  #more: Pick<ChainPacketBody, 'inherit' | 'agent_id'> = {};

  /** What the child takes over from its parent: `all` when this is not called. */
  inheriting(inherit: NonNullable<ChainPacketBody['inherit']>): this {
    this.#more = { ...this.#more, inherit };
    return this;
  }

  /** Who chains it, where the key is not bound to an agent. */
  byAgent(id: string): this {
    this.#more = { ...this.#more, agent_id: id };
    return this;
  }

  /**
   * The body for `chainPacket`.
   *
   * @throws ValidationError, which names what is missing
   */
  build(): ChainPacketBody {
    const { parent_packet_id: _, ...content } = this.content();
    return { ...content, ...this.#more };
  }
}

/**
 * Where building begins.
 *
 * @example
 * ```ts
 * const body = HandoffPacket.builder()
 *   .fromAgent('sales-01', 'SalesBot', { framework: 'langgraph' })
 *   .toAgent('billing-01', 'BillingBot')
 *   .withSummary('Invoice 4711 was paid twice')
 *   .withDecision('Refund in full', { rationale: 'Both payments have cleared' })
 *   .withAction('Refund the second payment', { assignee: 'billing-01', priority: 'high' })
 *   .withDependency('bank', { type: 'api', description: 'The bank must be open' })
 *   .withHitl({ reason: 'Over 1,000 EUR', question: 'Refund it?' })
 *   .withPriority('high')
 *   .withTags('refund')
 *   .build();
 * await rail.createPacket(body);
 * ```
 */
export const HandoffPacket = {
  /** For `createPacket`. */
  builder: (): PacketBuilder => new PacketBuilder(),
  /** For `chainPacket`. */
  chain: (): ChainBuilder => new ChainBuilder(),
} as const;
