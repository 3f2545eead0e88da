import type { HeartbeatCall } from '#libs/contracts';
import type { CreateInput, PacketDocument, PacketId, Principal, TenantId } from '#libs/packet';
import { accepted, backend, LogService, newTraceparent, testTenant } from '#libs/testing';
import type { NatsConnection } from '@nats-io/nats-core';
import { answerHeartbeat } from './heartbeat.js';
import { LeaseTimers } from './lease-timers.js';

export const bound = (agent_id: string): Principal => ({ ...backend, key_id: `k-${agent_id}`, agent_id });

/** A claiming service of its own. */
export class Claiming extends LogService {
  /** Tenants that were deleted. */
  readonly ended = new Set<TenantId>();
  readonly leases: LeaseTimers;
  /** Agents that were heard of. */
  readonly seen: string[] = [];
  readonly agents = { touch: (_tenant: TenantId, id: string) => void this.seen.push(id) };

  constructor(nats: NatsConnection) {
    super(nats);
    this.leases = new LeaseTimers(this.log, this.timers, {
      isEnded: (tenant) => this.ended.has(tenant as TenantId),
    });
  }

  /** A packet that anybody may claim. */
  created(more: Partial<CreateInput> = {}): Promise<PacketId> {
    return this.create({ claim_policy: 'open', ...more });
  }

  /** Claims in the name of an agent; the claim's id is `claim-<agent>`. */
  async claimed(id: PacketId, by: string, lease_seconds?: number): Promise<PacketDocument> {
    const agent = { id: by, name: by };
    const lease = lease_seconds === undefined ? {} : { lease_seconds };
    return accepted(await this.ask('claim', id, { agent, claim_id: `claim-${by}`, ...lease }));
  }

  async heartbeat(packet_id: PacketId, more: Partial<HeartbeatCall> = {}) {
    return answerHeartbeat(this)({
      tenant_id: testTenant,
      principal: backend,
      traceparent: newTraceparent(),
      packet_id,
      claim_id: 'claim-bo',
      ...more,
    });
  }

  async history(id: PacketId): Promise<string[]> {
    return (await this.events(id)).map(({ type }) => type);
  }

  override async close(): Promise<void> {
    await this.leases.onModuleDestroy();
    await super.close();
  }
}
