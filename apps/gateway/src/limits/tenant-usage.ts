import type { LimitName, Limits, Tier } from '#libs/contracts';
import { PacketLog, StreamSlots } from '#libs/event-log';
import { type Instant, instantAt, type TenantId } from '#libs/packet';
import { packetsMadeSince } from '#libs/read-models';
import { Inject, Injectable } from '@nestjs/common';
import { ControlData } from '../auth/control-data.js';
import { TenantCounts } from '../auth/tenant-counts.js';
import { NewPackets } from '../packets/new-packets.js';
import { ReadDatabase } from '../reads/read-database.js';
import { RequestRates } from './request-rates.js';

interface Quota {
  limit: number | null;
  /** Null: not counted. */
  used?: number | null;
  resets_at?: Instant;
}

type Usage = { tier: Tier } & Record<LimitName, Quota>;

const hourMs = 60 * 60 * 1_000;
const dayMs = 24 * hourMs;

const startOf = (windowMs: number, now: number): number => now - (now % windowMs);

/** What a tenant may have, and has: asked of whoever counts it, not kept anywhere else. */
@Injectable()
export class TenantUsage {
  // eslint-disable-next-line max-params -- each of them owns a count
  constructor(
    @Inject(ControlData) private readonly control: ControlData,
    @Inject(PacketLog) private readonly log: PacketLog,
    @Inject(ReadDatabase) private readonly database: ReadDatabase,
    @Inject(NewPackets) private readonly packets: NewPackets,
    @Inject(TenantCounts) private readonly counts: TenantCounts,
    @Inject(StreamSlots) private readonly slots: StreamSlots,
    @Inject(RequestRates) private readonly rates: RequestRates,
  ) {}

  /** Whether its packets are counted by the read models alone, which may lag. */
  isRead(tenant: TenantId): boolean {
    return this.control.limits(tenant).packets_per_day === null;
  }

  /** @throws LogUnavailable; ProblemError `unavailable` when the database is needed and does not answer */
  async of(tenant: TenantId): Promise<Usage> {
    const now = Date.now();
    const limits = this.control.limits(tenant);
    const counts = this.counts.of(tenant);
    const [packets, requests, streams] = await Promise.all([
      this.#packets(tenant, limits, now),
      this.#requests(tenant, limits, now),
      this.slots.count(tenant),
    ]);
    return {
      tier: this.control.tenant(tenant)?.value.tier ?? 'unlimited',
      packets_per_day: packets,
      requests_per_hour: requests,
      requests_per_minute: { limit: limits.requests_per_minute },
      agents: { limit: limits.agents, used: counts.agents },
      keys: { limit: limits.keys, used: counts.keys },
      webhooks: { limit: limits.webhooks, used: counts.webhooks },
      streams: { limit: limits.streams, used: streams },
      packet_bytes: { limit: this.packets.limitsOf(tenant).max_bytes },
      audit_days: { limit: limits.audit_days },
    };
  }

  /** Where there is a limit the log counts, and else nobody but the read models. */
  async #packets(tenant: TenantId, { packets_per_day: limit }: Limits, now: number): Promise<Quota> {
    if (limit !== null) return { limit, ...(await this.log.quotas.use(tenant, instantAt(now))) };
    const midnight = startOf(dayMs, now);
    const used = await this.database.use((source) => packetsMadeSince(source, tenant, new Date(midnight)));
    return { limit, used, resets_at: instantAt(midnight + dayMs) };
  }

  async #requests(tenant: TenantId, { requests_per_hour: limit }: Limits, now: number): Promise<Quota> {
    const used = limit === null ? null : await this.rates.usedThisHour(tenant);
    return { limit, used, resets_at: instantAt(startOf(hourMs, now) + hourMs) };
  }
}
