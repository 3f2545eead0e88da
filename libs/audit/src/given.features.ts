import { setTimeout as delay } from 'node:timers/promises';
import { auditSubject, streams } from '#libs/contracts';
import { connectNats, type LogHook, provision, uuidv7 } from '#libs/event-log';
import { instantAt, type PacketId, type TenantId } from '#libs/packet';
import { createDataSource, migrate } from '#libs/read-models';
import { startServers, type TestServers } from '#libs/testing';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import {
  type AuditActor,
  type AuditAttempt,
  type AuditDatabase,
  type AuditDenial,
  type AuditEnding,
  AuditFollower,
  type AuditPage,
  auditPosition,
  type AuditRequest,
  AuditTrail,
  listAudit,
  sweepAudit,
  type SweepOptions,
} from './index.js';

const quiet = (): void => undefined;
const silent: LogHook = {
  debug: quiet,
  info: quiet,
  warn: quiet,
  error: quiet,
};

export const mira: AuditActor = {
  type: 'human',
  id: 'key-mira',
  key_id: 'key-mira',
  key_prefix: 'hr_MiraMira',
};

let serial = 0;
export const newTenant = (): TenantId => `tenant-${(serial += 1)}` as TenantId;

const told = () => ({
  id: uuidv7(),
  at: instantAt(Date.now()),
  actor: mira,
  resource: '/api/v1/keys',
  trace_id: '0af7651916cd43dd8448eb211c80319c',
  request_id: 'request-1',
});

/** Somebody is about to make a key. */
export const attempt = (tenant_id: TenantId, more: Partial<AuditAttempt> = {}): AuditAttempt => ({
  ...told(),
  kind: 'attempt',
  tenant_id,
  action: 'control.create_key',
  details: { name: 'worker' },
  ...more,
});

/** It ended so. */
export const ending = (
  { id, tenant_id, action }: AuditAttempt,
  kind: AuditEnding['kind'],
  more: Partial<AuditEnding> = {},
): AuditEnding => ({ id, tenant_id, action, at: instantAt(Date.now()), kind, ...more });

/** Somebody was not let to. */
const denial = (tenant_id: TenantId, more: Partial<AuditDenial> = {}): AuditDenial => ({
  ...told(),
  kind: 'denial',
  tenant_id,
  action: 'control.revoke_key',
  reason: { code: 'forbidden', detail: 'Use a key of role admin.' },
  ...more,
});

/** Has the trail keep a denial, if it does. */
export const deny = (trail: AuditTrail, tenant: TenantId, more: Partial<AuditDenial> = {}): void =>
  trail.deny({ tenant, key: 'key-mira' }, () => denial(tenant, more));

/** NATS and Postgres with the streams and the read models, and what follows the audit. */
export class AuditRig {
  readonly #followers: AuditFollower[] = [];

  private constructor(
    readonly servers: TestServers,
    readonly nats: NatsConnection,
    readonly readModels: AuditDatabase,
  ) {}

  static async start(): Promise<AuditRig> {
    const servers = await startServers({ postgres: true });
    const nats = await connectNats(servers.natsUrl, 'audit-test');
    await provision(nats, { durability: 'relaxed', replicas: 1 });
    const readModels = createDataSource(servers.databaseUrl);
    await migrate(readModels);
    return new AuditRig(servers, nats, readModels);
  }

  follow(): AuditFollower {
    const follower = new AuditFollower({
      nats: this.nats,
      databaseUrl: this.servers.databaseUrl,
      logger: silent,
    });
    this.#followers.push(follower);
    return follower;
  }

  trail(...budget: ConstructorParameters<typeof AuditTrail> extends [unknown, ...infer R] ? R : never) {
    return new AuditTrail(this.nats, ...budget);
  }

  /** Waits until Postgres holds what the trail wrote for the tenant. */
  async settled(trail: AuditTrail, tenant: TenantId): Promise<void> {
    const wanted = await trail.writtenIn(tenant);
    for (let waited = 0; waited < 10_000; waited += 20) {
      if ((await auditPosition(this.readModels).catch(() => 0)) >= wanted) return;
      await delay(20);
    }
    throw new Error(`The audit has not reached ${wanted}.`);
  }

  sweep(options: Omit<SweepOptions, 'nats'>): Promise<number> {
    return sweepAudit(this.readModels, { nats: this.nats, ...options });
  }

  /** Messages of the tenant that the stream holds. */
  async onStream(tenant: TenantId): Promise<number> {
    const { streams: all } = await jetstreamManager(this.nats);
    const { state } = await all.info(streams.audit, { subjects_filter: auditSubject(tenant, '>') });
    return Object.values(state.subjects ?? {}).reduce((sum, count) => sum + count, 0);
  }

  list(tenant: TenantId, request: Partial<AuditRequest> = {}): Promise<AuditPage> {
    return listAudit(this.readModels, tenant, { filter: {}, limit: 50, ...request });
  }

  /** What the projector has written of a packet's event. */
  async packetEvent(tenant: TenantId, at: Date, packet = uuidv7() as PacketId) {
    const id = uuidv7();
    const columns = 'tenant_id, packet_id, revision, id, event_type, actor, details, timestamp, trace_id';
    await this.readModels.query(
      `insert into handoffrail.packet_history (${columns})
       select $1, $2, count(*) + 1, $3, case count(*) when 0 then 'packet.created' else 'packet.claimed' end,
         $4, '{}', $5, 'trace'
       from handoffrail.packet_history where tenant_id = $1 and packet_id = $2`,
      [tenant, packet, id, JSON.stringify({ type: 'agent', id: 'billing-01', key_id: 'key-billing' }), at],
    );
    return { id, packet };
  }

  async stop(): Promise<void> {
    await Promise.all(this.#followers.map((follower) => follower.stop()));
    await this.readModels.destroy();
    await this.nats.close();
    await this.servers.stop();
  }
}
