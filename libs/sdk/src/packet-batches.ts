import type { RequestOptions } from './caller.js';
import { idOf, type PacketRef } from './claims.js';
import { createBody, type FlatPacket } from './flat-packet.js';
import type { Operations } from './generated/operations.js';
import type {
  ClaimPacketsBody,
  CompletePacketsBody,
  CreatePacketBody,
  ReasonsBody,
} from './generated/wire.js';
import { PacketWork } from './packet-work.js';
import { asWire, type Given } from './spelling.js';

type Answer<Name extends keyof Operations> = Promise<Operations[Name]['answer']>;

/** Many at once, up to 500: each succeeds or fails by itself, and `errors` says which did not. */
export class PacketBatches extends PacketWork {
  /**
   * Creates many packets.
   *
   * @example
   * ```ts
   * const { created, errors } = await rail.batchCreatePackets([
   *   { sourceAgent: 'sales-01', targetAgent: 'billing-01', summary: 'Refund 4711' },
   *   { sourceAgent: 'sales-01', targetAgent: 'billing-01', summary: 'Refund 4712' },
   * ]);
   * ```
   */
  batchCreatePackets(
    packets: readonly (CreatePacketBody | FlatPacket)[],
    options?: RequestOptions,
  ): Answer<'batches_create'> {
    return this.caller.call('batches_create', { body: { packets: packets.map(createBody) } }, options);
  }

  /**
   * Claims many packets by their ids.
   *
   * @example
   * ```ts
   * const { claimed, errors } = await rail.batchClaimPackets([first, second], { agentId: 'billing-01' });
   * ```
   */
  async batchClaimPackets(
    packets: readonly PacketRef[],
    body: Given<Omit<ClaimPacketsBody, 'packet_ids'>>,
    options?: RequestOptions,
  ): Answer<'batches_claim'> {
    const wire = { ...asWire<Omit<ClaimPacketsBody, 'packet_ids'>>(body), packet_ids: packets.map(idOf) };
    const answer = await this.caller.call('batches_claim', { body: wire }, options);
    for (const packet of answer.claimed) this.caller.claims.take(packet);
    return answer;
  }

  /**
   * Completes many packets, all with one result.
   *
   * @example
   * ```ts
   * const { completed, errors } = await rail.batchCompletePackets(packets, { result: 'done' });
   * ```
   */
  async batchCompletePackets(
    packets: readonly PacketRef[],
    given: Given<Omit<CompletePacketsBody, 'packet_ids'>> = {},
    options?: RequestOptions,
  ): Answer<'batches_complete'> {
    const body = asWire<Omit<CompletePacketsBody, 'packet_ids'>>(given);
    const claim_ids = { ...this.#tokens(packets, body.agent_id), ...body.claim_ids };
    const wire = { ...body, packet_ids: packets.map(idOf), claim_ids };
    const answer = await this.caller.call('batches_complete', { body: wire }, options);
    for (const packet of answer.completed) this.caller.claims.see(packet);
    return answer;
  }

  /**
   * Cancels many packets, by ids or by a filter; `dryRun` tells which it would be.
   *
   * @example
   * ```ts
   * const { cancelled } = await rail.batchCancelPackets({ filter: { tags: ['spring-sale'] }, reason: 'Over' });
   * ```
   */
  batchCancelPackets(body: Given<ReasonsBody>, options?: RequestOptions): Answer<'batches_cancel'> {
    return this.caller.call('batches_cancel', { body: asWire<ReasonsBody>(body) }, options);
  }

  /**
   * Offers many failed, rejected or expired packets again, by ids or by a filter; `dryRun` tells which.
   *
   * @example
   * ```ts
   * await rail.batchRetryPackets({ filter: { dead_letter: true }, limit: 100, reason: 'The bank is back' });
   * ```
   */
  batchRetryPackets(body: Given<ReasonsBody>, options?: RequestOptions): Answer<'batches_retry'> {
    return this.caller.call('batches_retry', { body: asWire<ReasonsBody>(body) }, options);
  }

  #tokens(packets: readonly PacketRef[], agent: string | null | undefined): Record<string, string> {
    const tokens: Record<string, string> = {};
    for (const packet of packets) {
      const token = this.caller.claims.tokenFor(packet, agent);
      if (token !== undefined) tokens[idOf(packet)] = token;
    }
    return tokens;
  }
}
