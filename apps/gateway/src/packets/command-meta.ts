import { httpHeaders, type RequestMeta } from '#libs/contracts';
import { type CommandId, type PacketCommandType, type PacketId, parsePacketId } from '#libs/packet';
import { type ApiRequest, headerOf, principalOf } from '../http/call.js';
import { derivedUuid, newCommandId } from '../http/ids.js';
import type { Repeatable } from '../http/idempotency.js';
import { invalidField, notFound, ProblemError } from '../http/problem-error.js';

/** The packet that the path names. What is no id is the id of no packet. @throws ProblemError */
export const packetIdOf = (request: ApiRequest): PacketId => {
  const { id } = request.params as { id: string };
  const packetId = parsePacketId(id);
  if (packetId === null) throw notFound('packet');
  request.call.packetId = packetId;
  return packetId;
};

const entityTag = /^(?:W\/)?"?(\d{1,15})"?$/;

/** The revision that the caller has seen, by `If-Match`. */
const expectedRevision = (request: ApiRequest): number | undefined => {
  const header = headerOf(request, 'if-match')?.trim();
  if (header === undefined || header === '*') return undefined;
  const revision = entityTag.exec(header)?.[1];
  if (revision !== undefined) return Number(revision);
  throw new ProblemError('revision_mismatch', 'Send the ETag of the packet in If-Match, such as "3".');
};

/** The fencing token, from the body or its header. */
const claimToken = (request: ApiRequest, inBody: string | null | undefined): string | undefined => {
  const inHeader = headerOf(request, httpHeaders.claim);
  if (inBody && inHeader && inBody !== inHeader)
    throw invalidField(
      'claim_id',
      'contradiction',
      `Send the same token as ${httpHeaders.claim}, or only one.`,
    );
  return inBody ?? inHeader;
};

export interface CommandTarget {
  type: PacketCommandType;
  packetId: PacketId;
  repeatable?: Repeatable | undefined;
  /** The fencing token of the body. */
  claimId?: string | null | undefined;
}

const idOf = (tenant: string, { type, packetId, repeatable }: CommandTarget): CommandId =>
  repeatable ? (derivedUuid(tenant, type, packetId, repeatable.key) as CommandId) : newCommandId();

/** What travels with a command: who asks for what, on which trace, having seen what. @throws ProblemError */
export const metaOf = (request: ApiRequest, target: CommandTarget): RequestMeta => {
  const principal = principalOf(request);
  const expected_revision = expectedRevision(request);
  const claim_id = claimToken(request, target.claimId);
  return {
    command_id: idOf(principal.tenant_id, target),
    tenant_id: principal.tenant_id,
    packet_id: target.packetId,
    principal,
    traceparent: request.call.span.traceparent,
    ...(target.repeatable && { request_digest: target.repeatable.digest }),
    ...(expected_revision !== undefined && { expected_revision }),
    ...(claim_id !== undefined && { claim_id }),
  };
};
