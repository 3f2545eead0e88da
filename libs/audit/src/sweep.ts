import { auditSubject, streams } from '#libs/contracts';
import type { TenantId } from '#libs/packet';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection } from '@nats-io/nats-core';
import { type AuditDatabase, auditSchema } from './database.js';
import { countSwept } from './metrics.js';

export interface SweepOptions {
  nats: NatsConnection;
  /** Days that a tenant's audit is kept; null: for ever. */
  retentionDays: (tenant: TenantId) => number | null;
  /** Refused attempts that are kept of each tenant, at most. Default 20,000. */
  mostDenials?: number;
  now?: Date;
}

const dayMs = 86_400_000;
const defaultMostDenials = 20_000;

const tenantsIn = async (database: AuditDatabase): Promise<TenantId[]> => {
  const text = `select distinct tenant_id from ${auditSchema}.entries`;
  return (await database.query<{ tenant_id: TenantId }[]>(text)).map(({ tenant_id }) => tenant_id);
};

/** The last place of those that are too old; 0: none is. */
const lastBefore = async (database: AuditDatabase, tenant: TenantId, cutoff: Date): Promise<number> => {
  const text = `select max(sequence) as last from ${auditSchema}.entries where tenant_id = $1 and at < $2`;
  const [row] = await database.query<{ last: string | null }[]>(text, [tenant, cutoff]);
  return Number(row?.last ?? 0);
};

const deleteRows = async (database: AuditDatabase, condition: string, values: unknown[]): Promise<number> => {
  const text = `with gone as (delete from ${auditSchema}.entries where ${condition} returning 1)
    select count(*)::integer as rows from gone`;
  const [row] = await database.query<{ rows: number }[]>(text, values);
  return row?.rows ?? 0;
};

class Sweep {
  readonly #purge: (filter: string, what: { seq: number } | { keep: number }) => Promise<unknown>;

  constructor(
    private readonly database: AuditDatabase,
    private readonly options: SweepOptions,
  ) {
    const jsm = jetstreamManager(options.nats, { checkAPI: false });
    this.#purge = async (filter, what) => (await jsm).streams.purge(streams.audit, { filter, ...what });
  }

  async run(): Promise<number> {
    let swept = 0;
    for (const tenant of await tenantsIn(this.database))
      swept += (await this.#old(tenant)) + (await this.#manyDenials(tenant));
    return swept;
  }

  // The stream first: what only Postgres holds after a crash is found again by the next sweep, and what only the
  // stream held would come back with a rebuild.
  async #old(tenant: TenantId): Promise<number> {
    const { retentionDays, now = new Date() } = this.options;
    const days = retentionDays(tenant);
    if (days === null) return 0;
    const cutoff = new Date(now.getTime() - days * dayMs);
    const last = await lastBefore(this.database, tenant, cutoff);
    if (last === 0) return 0;
    await this.#purge(auditSubject(tenant, '>'), { seq: last + 1 });
    return deleteRows(this.database, 'tenant_id = $1 and at < $2', [tenant, cutoff]);
  }

  async #manyDenials(tenant: TenantId): Promise<number> {
    const { mostDenials: keep = defaultMostDenials } = this.options;
    const denied = "tenant_id = $1 and result = 'denied'";
    const [beyond] = await this.database.query<{ at: Date; id: string }[]>(
      `select at, id from ${auditSchema}.entries where ${denied} order by at desc, id desc limit 1 offset $2`,
      [tenant, keep],
    );
    if (beyond === undefined) return 0;
    await this.#purge(auditSubject(tenant, 'denied.>'), { keep });
    return deleteRows(this.database, `${denied} and (at, id) <= ($2, $3::uuid)`, [
      tenant,
      beyond.at,
      beyond.id,
    ]);
  }
}

/**
 * Deletes what is older than its tenant keeps it, and refused attempts beyond a number, from Postgres and from the
 * stream. Any number of processes may do it at once. Answers with how many rows went.
 */
export const sweepAudit = async (database: AuditDatabase, options: SweepOptions): Promise<number> => {
  const swept = await new Sweep(database, options).run();
  countSwept(swept);
  return swept;
};
