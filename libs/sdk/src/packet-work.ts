import type { RequestOptions } from './caller.js';
import { idOf, type PacketRef } from './claims.js';
import { ValidationError } from './errors.js';
import type { Operations } from './generated/operations.js';
import type {
  ClaimNextBody,
  ClaimPacketBody,
  CompletePacketBody,
  FailPacketBody,
  HeartbeatBody,
  HeartbeatDocument,
  PacketDocument,
  RejectPacketBody,
  ReleasePacketBody,
  ReportProgressBody,
  RequestApprovalBody,
  StartPacketBody,
} from './generated/wire.js';
import { PacketCommands } from './packet-commands.js';
import { asWire, type Given } from './spelling.js';

// While a call waits for work the server says nothing; the time to answer comes on top of that.
const waitMs = ({ wait_seconds: seconds }: ClaimNextBody) => (seconds ?? 0) * 1000;

/** A heartbeat; the claim is known to the client that claimed. */
export type HeartbeatInput = Omit<HeartbeatBody, 'claim_id'> & Partial<Pick<HeartbeatBody, 'claim_id'>>;

/** What those do who take work. The fencing token of a claim travels by itself. */
export class PacketWork extends PacketCommands {
  /**
   * Takes one packet: a single agent gets it.
   *
   * @example
   * ```ts
   * const packet = await rail.claimPacket(id, { agentId: 'billing-01', leaseSeconds: 60 });
   * ```
   */
  async claimPacket(
    packet: PacketRef,
    body: Given<ClaimPacketBody>,
    options?: RequestOptions,
  ): Promise<PacketDocument> {
    const input = { params: { id: idOf(packet) }, body: asWire<ClaimPacketBody>(body) };
    const document = await this.caller.call('commands_claim', input, options);
    this.caller.claims.take(document);
    return document;
  }

  /**
   * Takes the most urgent work there is for an agent. With `waitSeconds` it waits for some; nothing to do is
   * an empty list.
   *
   * @example
   * ```ts
   * const { packets } = await rail.claimNext({ agentId: 'billing-01', leaseSeconds: 60, waitSeconds: 20 });
   * ```
   */
  async claimNext(
    given: Given<ClaimNextBody>,
    options: RequestOptions = {},
  ): Promise<Operations['commands_claimNext']['answer']> {
    const body = asWire<ClaimNextBody>(given);
    const timeoutMs = (options.timeoutMs ?? this.caller.timeoutMs) + waitMs(body);
    const answer = await this.caller.call('commands_claimNext', { body }, { ...options, timeoutMs });
    for (const packet of answer.packets) this.caller.claims.take(packet);
    return answer;
  }

  /**
   * Says that work has begun. Not needed before `completePacket`.
   *
   * @example
   * ```ts
   * await rail.startPacket(id);
   * ```
   */
  startPacket(
    packet: PacketRef,
    body: Given<StartPacketBody> = {},
    options?: RequestOptions,
  ): Promise<PacketDocument> {
    return this.command('commands_start', { packet, body: asWire<StartPacketBody>(body) }, options);
  }

  /**
   * Says how far the work is, in percent.
   *
   * @example
   * ```ts
   * await rail.reportProgress(id, { percent: 40, note: 'Invoices fetched' });
   * ```
   */
  reportProgress(
    packet: PacketRef,
    body: Given<ReportProgressBody>,
    options?: RequestOptions,
  ): Promise<PacketDocument> {
    return this.command('commands_progress', { packet, body: asWire<ReportProgressBody>(body) }, options);
  }

  /**
   * Ends the work with a result, any JSON.
   *
   * @example
   * ```ts
   * await rail.completePacket(id, { result: { refund: 're_981' } });
   * ```
   */
  completePacket(
    packet: PacketRef,
    body: Given<CompletePacketBody> = {},
    options?: RequestOptions,
  ): Promise<PacketDocument> {
    return this.command('commands_complete', { packet, body: asWire<CompletePacketBody>(body) }, options);
  }

  /**
   * Ends the work without one. With `retryable` the packet is offered again while it has attempts left.
   *
   * @example
   * ```ts
   * await rail.failPacket(id, { reason: 'The bank does not answer', retryable: true });
   * ```
   */
  failPacket(
    packet: PacketRef,
    body: Given<FailPacketBody>,
    options?: RequestOptions,
  ): Promise<PacketDocument> {
    return this.command('commands_fail', { packet, body: asWire<FailPacketBody>(body) }, options);
  }

  /**
   * Refuses the work. A routed packet goes to the next candidate.
   *
   * @example
   * ```ts
   * await rail.rejectPacket(id, { agentId: 'billing-01', reason: 'Not an invoice' });
   * ```
   */
  rejectPacket(
    packet: PacketRef,
    body: Given<RejectPacketBody>,
    options?: RequestOptions,
  ): Promise<PacketDocument> {
    return this.command('commands_reject', { packet, body: asWire<RejectPacketBody>(body) }, options);
  }

  /**
   * Gives the packet back to be offered again, at once or after `delaySeconds`. No attempt is used up.
   *
   * @example
   * ```ts
   * await rail.releasePacket(id, { reason: 'Going down for a deploy' });
   * ```
   */
  releasePacket(
    packet: PacketRef,
    body: Given<ReleasePacketBody> = {},
    options?: RequestOptions,
  ): Promise<PacketDocument> {
    return this.command('commands_release', { packet, body: asWire<ReleasePacketBody>(body) }, options);
  }

  /**
   * Asks people to decide; the packet waits for them.
   *
   * @example
   * ```ts
   * await rail.requestApproval(id, { hitl: { reason: 'Over 1,000 EUR', question: 'Refund it?' } });
   * ```
   */
  requestApproval(
    packet: PacketRef,
    body: Given<RequestApprovalBody>,
    options?: RequestOptions,
  ): Promise<PacketDocument> {
    return this.command(
      'commands_requestApproval',
      { packet, body: asWire<RequestApprovalBody>(body) },
      options,
    );
  }

  /**
   * Keeps a claim with a lease. `directive: 'stop'` tells to let go of the work, and why.
   *
   * @example
   * ```ts
   * const { directive, reason } = await rail.heartbeat(packet);
   * ```
   */
  async heartbeat(
    packet: PacketRef,
    given: Given<HeartbeatInput> = {},
    options?: RequestOptions,
  ): Promise<HeartbeatDocument> {
    const body = asWire<HeartbeatInput>(given);
    const claim_id = body.claim_id ?? this.caller.claims.tokenFor(packet, body.agent_id);
    if (claim_id === undefined)
      throw new ValidationError({
        code: 'claim_unknown',
        message: `This client has not claimed packet ${idOf(packet)}: pass its claimId.`,
      });
    return this.caller.call(
      'commands_heartbeat',
      { params: { id: idOf(packet) }, body: { ...body, claim_id } },
      options,
    );
  }
}
