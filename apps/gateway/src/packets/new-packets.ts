import { CreatePacketBody, ChainPacketBody, type CommandRequest } from '#libs/contracts';
import { PacketLog, uuidv7 } from '#libs/event-log';
import {
  byteLength,
  checkNewPacket,
  instantAt,
  type NewPacket,
  normalizeNewPacket,
  type PacketId,
  type PacketLimits,
  type Rejection,
  type TenantId,
} from '#libs/packet';
import { CONFIG, type Config, packetLimits } from '#libs/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { ControlData } from '../auth/control-data.js';
import { type ApiRequest, principalOf } from '../http/call.js';
import { derivedUuid, newPacketId } from '../http/ids.js';
import type { Repeatable } from '../http/idempotency.js';
import { checked } from '../http/json-body.js';
import { invalid, ProblemError, refused } from '../http/problem-error.js';
import { given } from './simple-commands.js';
import { metaOf } from './command-meta.js';
import { checkResponseSchema } from './response-schema.js';

export interface Source {
  repeatable?: Repeatable | undefined;
  /** Its place in a batch. */
  index?: number;
}

/** Makes the commands that begin packets. */
@Injectable()
export class NewPackets {
  readonly #limits: PacketLimits;

  constructor(
    @Inject(PacketLog) private readonly log: PacketLog,
    @Inject(CONFIG) config: Config,
    @Inject(ControlData) private readonly control: ControlData,
  ) {
    this.#limits = packetLimits(config);
  }

  /** What holds for a tenant's packets, on this rail. */
  limitsOf(tenant: TenantId): PacketLimits {
    const { packet_bytes } = this.control.limits(tenant);
    const { max_bytes } = this.#limits;
    return { ...this.#limits, max_bytes: Math.min(max_bytes, packet_bytes ?? max_bytes) };
  }

  /** Refuses what is larger than a packet of the caller's tenant may be. @throws ProblemError */
  checkSize(request: ApiRequest, sent: unknown): void {
    const { max_bytes: limit } = this.limitsOf(principalOf(request).tenant_id);
    // What is small with all its spaces need not be printed again.
    if (Buffer.isBuffer(request.body) && request.body.length <= limit) return;
    const used = byteLength(JSON.stringify(sent));
    if (used <= limit) return;
    const detail = `Send at most ${limit} bytes of JSON for a packet: move large parts to artifacts with a url.`;
    throw new ProblemError('packet_too_large', detail, { limit, used });
  }

  /** @throws ProblemError */
  async create(request: ApiRequest, value: unknown, { repeatable, index }: Source): Promise<CommandRequest> {
    const packet = this.#normalized(request, checked(CreatePacketBody, value));
    const id = this.#newId(
      request,
      repeatable && ['create', repeatable.key, ...(index === undefined ? [] : [index])],
    );
    const meta = metaOf(request, { type: 'create', packetId: id, repeatable });
    const rejection = checkNewPacket(packet, instantAt(Date.now())) ?? checkResponseSchema(packet.hitl);
    // The first answer stands, even if what was sent then would not do any more.
    if (rejection !== null && !(repeatable && (await this.#exists(meta.tenant_id, id))))
      throw refused(rejection);
    if (index === undefined) request.call.packetId = id;
    const { traceId } = request.call.span;
    return { type: 'create', meta, data: { packet, trace_id: traceId, approval_id: uuidv7() } };
  }

  /** @throws ProblemError */
  chain(
    request: ApiRequest,
    parent: PacketId,
    { value, repeatable }: Source & { value: unknown },
  ): CommandRequest {
    const body = checked(ChainPacketBody, value);
    const child = this.#normalized(request, body);
    const errors = [
      ...childErrors(checkNewPacket(child, instantAt(Date.now()))),
      ...(checkResponseSchema(child.hitl)?.errors ?? []),
    ];
    if (errors.length > 0) throw invalid(errors);
    return {
      type: 'chain',
      meta: metaOf(request, { type: 'chain', packetId: parent, repeatable, claimId: body.claim_id }),
      data: {
        child_id: this.#newId(request, repeatable && ['chain', parent, repeatable.key]),
        child,
        inherit: body.inherit ?? 'all',
        limits: this.limitsOf(principalOf(request).tenant_id),
        trace_id: request.call.span.traceId,
        approval_id: uuidv7(),
        ...given(body, 'agent_id'),
      },
    };
  }

  #normalized(request: ApiRequest, body: CreatePacketBody | ChainPacketBody): NewPacket {
    const tenant = this.control.tenant(principalOf(request).tenant_id);
    return normalizeNewPacket(body, {
      now: instantAt(Date.now()),
      ttl_seconds: tenant?.value.default_ttl_seconds,
    });
  }

  #newId(request: ApiRequest, parts: (string | number)[] | undefined): PacketId {
    return parts ? (derivedUuid(principalOf(request).tenant_id, ...parts) as PacketId) : newPacketId();
  }

  async #exists(tenant: Parameters<PacketLog['load']>[0], id: PacketId): Promise<boolean> {
    return (await this.log.load(tenant, id)).packet.status !== 'absent';
  }
}

// An action of the child may wait for one that it inherits: the service sees both and checks that.
const childErrors = (rejection: Rejection | null) =>
  (rejection?.errors ?? []).filter(({ code }) => code !== 'unknown_action');
