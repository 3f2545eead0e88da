import type { RequestOptions } from './caller.js';
import { idOf, type PacketRef } from './claims.js';
import { chainBody, createBody, type FlatChild, type FlatPacket } from './flat-packet.js';
import type {
  ChainPacketBody,
  CreateLinkBody,
  CreatePacketBody,
  LinkListDocument,
  MadeLinkDocument,
  PacketDocument,
  ReasonBody,
  RespondBody,
  UpdatePacketBody,
} from './generated/wire.js';
import type { CallInput, PacketCommandName } from './operation.js';
import { PacketReads } from './packet-reads.js';
import { asWire, type Given } from './spelling.js';

/** What those do who hand work over, and those who decide. */
export class PacketCommands extends PacketReads {
  /** @internal */
  protected async command<Name extends PacketCommandName>(
    name: Name,
    { packet, body }: { packet: PacketRef; body: CallInput<Name>['body'] },
    options: RequestOptions | undefined,
  ): Promise<PacketDocument> {
    const input: CallInput<Name> = { params: { id: idOf(packet) }, body };
    const document = await this.caller.call(name, input, { ...options, packet });
    this.caller.claims.see(document);
    return document;
  }

  /**
   * Hands work over: a flat description, or the body of the API. A call that is repeated under the same
   * `idempotencyKey` makes no second packet, ever.
   *
   * @example
   * ```ts
   * const packet = await rail.createPacket({
   *   sourceAgent: { id: 'sales-01', name: 'SalesBot' },
   *   targetAgent: 'billing-01',
   *   summary: 'Customer upgrade request',
   *   priority: 'high',
   *   tags: ['upgrade'],
   * });
   * ```
   */
  createPacket(packet: CreatePacketBody | FlatPacket, options?: RequestOptions): Promise<PacketDocument> {
    return this.caller.call('packets_create', { body: createBody(packet) }, options);
  }

  /**
   * Hands work on: makes a child of a packet, which takes its context over. Answers with the child.
   *
   * @example
   * ```ts
   * const child = await rail.chainPacket(packet, {
   *   sourceAgent: 'billing-01',
   *   targetAgent: 'audit-01',
   *   summary: 'Check the refund',
   *   inherit: ['decisions'],
   * });
   * ```
   */
  chainPacket(
    parent: PacketRef,
    child: ChainPacketBody | FlatChild,
    options?: RequestOptions,
  ): Promise<PacketDocument> {
    const input = { params: { id: idOf(parent) }, body: chainBody(child) };
    return this.caller.call('packets_chain', input, { ...options, packet: parent });
  }

  /**
   * Changes the content: by its claimant, or by its source before it is claimed.
   *
   * @example
   * ```ts
   * await rail.updatePacket(id, { metadata: { priority: 'critical' }, context: { custom: { order: 4711 } } });
   * ```
   */
  updatePacket(
    packet: PacketRef,
    patch: Given<UpdatePacketBody>,
    options?: RequestOptions,
  ): Promise<PacketDocument> {
    return this.command('packets_update', { packet, body: asWire<UpdatePacketBody>(patch) }, options);
  }

  /**
   * Ends a live packet: it is not to be done any more.
   *
   * @example
   * ```ts
   * await rail.cancelPacket(id, { reason: 'The customer called it off' });
   * ```
   */
  cancelPacket(
    packet: PacketRef,
    body: Given<ReasonBody> = {},
    options?: RequestOptions,
  ): Promise<PacketDocument> {
    return this.command('commands_cancel', { packet, body: asWire<ReasonBody>(body) }, options);
  }

  /**
   * The same as `cancelPacket`: nothing is erased, the history stays.
   *
   * @example
   * ```ts
   * await rail.deletePacket(id);
   * ```
   */
  async deletePacket(packet: PacketRef, options?: RequestOptions): Promise<void> {
    await this.cancelPacket(packet, {}, options);
  }

  /**
   * Offers a failed, rejected or expired packet again, with all its attempts before it.
   *
   * @example
   * ```ts
   * await rail.retryPacket(id, { reason: 'The bank is back' });
   * ```
   */
  retryPacket(
    packet: PacketRef,
    body: Given<ReasonBody> = {},
    options?: RequestOptions,
  ): Promise<PacketDocument> {
    return this.command('commands_retry', { packet, body: asWire<ReasonBody>(body) }, options);
  }

  /**
   * Answers the open checkpoint of a packet.
   *
   * @example
   * ```ts
   * await rail.respondToHitl(id, { response: 'Approved', respondedBy: 'manager@company.com' });
   * ```
   */
  respondToHitl(
    packet: PacketRef,
    body: Given<RespondBody>,
    options?: RequestOptions,
  ): Promise<PacketDocument> {
    return this.command('commands_respond', { packet, body: asWire<RespondBody>(body) }, options);
  }

  /**
   * Answers an approval by its own id, which cannot be taken for a later one of the same packet.
   *
   * @example
   * ```ts
   * await rail.respondToApproval(approvalId, {
   *   response: 'Deny',
   *   decision: 'deny',
   *   respondedBy: 'manager@company.com',
   * });
   * ```
   */
  respondToApproval(id: string, body: Given<RespondBody>, options?: RequestOptions): Promise<PacketDocument> {
    const input = { params: { id }, body: asWire<RespondBody>(body) };
    return this.caller.call('commands_respondToApproval', input, options);
  }

  /**
   * Makes a one-time link by which a person without a key answers an approval. Its URL is in this answer only.
   *
   * @example
   * ```ts
   * const { url } = await rail.createApprovalLink(approvalId, { approver: 'manager@company.com' });
   * ```
   */
  createApprovalLink(
    id: string,
    body: Given<CreateLinkBody>,
    options?: RequestOptions,
  ): Promise<MadeLinkDocument> {
    const input = { params: { id }, body: asWire<CreateLinkBody>(body) };
    return this.caller.call('approvals_createLink', input, options);
  }

  /**
   * The links of an approval, without their URLs.
   *
   * @example
   * ```ts
   * const { links } = await rail.listApprovalLinks(approvalId);
   * ```
   */
  listApprovalLinks(id: string, options?: RequestOptions): Promise<LinkListDocument> {
    return this.caller.call('approvals_listLinks', { params: { id } }, options);
  }

  /**
   * Makes a link void.
   *
   * @example
   * ```ts
   * await rail.revokeApprovalLink(approvalId, linkId);
   * ```
   */
  async revokeApprovalLink(id: string, linkId: string, options?: RequestOptions): Promise<void> {
    await this.caller.call('approvals_revokeLink', { params: { id, link_id: linkId } }, options);
  }
}
