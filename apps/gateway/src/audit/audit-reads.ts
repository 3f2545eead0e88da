import { setTimeout as delay } from 'node:timers/promises';
import {
  type AuditFilter,
  type AuditPage,
  auditPosition,
  AuditTrail,
  listAudit,
  parseAuditCursor,
} from '#libs/audit';
import type { AuditQuery } from '#libs/contracts';
import { type Instant, instantAt, type TenantId } from '#libs/packet';
import { TenantRegistry } from '#libs/tenants';
import { Inject, Injectable } from '@nestjs/common';
import { given } from '../packets/simple-commands.js';
import { badCursor } from '../reads/list-filter.js';
import { ReadDatabase } from '../reads/read-database.js';

const dayMs = 86_400_000;
const patienceMs = 2_000;
const lookEveryMs = 25;

const instantOf = (text: string | undefined): Instant | undefined =>
  text === undefined ? undefined : instantAt(Date.parse(text));

const later = (a: Instant | undefined, b: Instant | undefined): Instant | undefined =>
  a !== undefined && (b === undefined || a > b) ? a : b;

/** Reads the audit of a tenant, as far back as its tier keeps it. */
@Injectable()
export class AuditReads {
  constructor(
    @Inject(ReadDatabase) private readonly database: ReadDatabase,
    @Inject(AuditTrail) private readonly trail: AuditTrail,
    @Inject(TenantRegistry) private readonly tenants: TenantRegistry,
  ) {}

  /** Waits until what this gateway has written of a tenant is there. False: it was not in time. */
  async isCurrent(tenant: TenantId): Promise<boolean> {
    const wanted = await this.trail.writtenIn(tenant);
    const until = Date.now() + patienceMs;
    while ((await this.database.use(auditPosition)) < wanted) {
      if (Date.now() > until) return false;
      await delay(lookEveryMs);
    }
    return true;
  }

  /** @throws ProblemError for a cursor that is none */
  page(tenant: TenantId, query: AuditQuery): Promise<AuditPage> {
    const { limit = 50, cursor } = query;
    const from = cursor === undefined ? undefined : parseAuditCursor(cursor);
    if (from === null) throw badCursor();
    const filter = this.#filterOf(tenant, query);
    return this.database.use((source) => listAudit(source, tenant, { filter, limit, from }));
  }

  #filterOf(tenant: TenantId, query: AuditQuery): AuditFilter {
    const days = this.tenants.limits(tenant).audit_days;
    const kept = days === null ? undefined : instantAt(Date.now() - days * dayMs);
    const after = later(instantOf(query.created_after), kept);
    const before = instantOf(query.created_before);
    return {
      ...given(query, 'actor', 'action', 'result'),
      ...(query.packet_id !== undefined && { packet_id: query.packet_id.toLowerCase() }),
      ...(after && { after }),
      ...(before && { before }),
    };
  }
}
