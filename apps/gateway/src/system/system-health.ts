import { readFileSync } from 'node:fs';
import { deliveryBacklog } from '#libs/deliveries';
import { streamSizes } from '#libs/event-log';
import { backlogOfAll, tableSizes } from '#libs/read-models';
import { HealthChecks, type HealthReport, NATS } from '#libs/service-kit';
import type { NatsConnection } from '@nats-io/nats-core';
import { Inject, Injectable } from '@nestjs/common';
import { ReadDatabase } from '../reads/read-database.js';

/** A part that does not answer in this time is told as unknown: the rest is wanted most when something is wrong. */
const patienceMs = 2_000;

// Four folders up from the sources as from what is built of them.
const { version } = JSON.parse(
  readFileSync(new URL('../../../../package.json', import.meta.url), 'utf8'),
) as { version: string };

const orNull = async <T>(asked: Promise<T>): Promise<T | null> => {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<null>((resolve) => {
    timer = setTimeout(resolve, patienceMs, null);
  });
  try {
    return await Promise.race([asked, late]);
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
  }
};

const lagOf = ({ checks }: HealthReport): number | null => {
  const lag = checks['projection']?.['lag_events'];
  return typeof lag === 'number' ? lag : null;
};

/** How the rail is, for those who run it: nothing of what a packet or a tenant says. */
@Injectable()
export class SystemHealth {
  constructor(
    @Inject(NATS) private readonly nats: NatsConnection,
    @Inject(HealthChecks) private readonly checks: HealthChecks,
    @Inject(ReadDatabase) private readonly database: ReadDatabase,
  ) {}

  async report() {
    const { database, nats } = this;
    const [readiness, backlog, deliveries, streams, stored] = await Promise.all([
      this.checks.readiness(),
      orNull(database.use((source) => backlogOfAll(source))),
      orNull(database.use(deliveryBacklog)),
      orNull(streamSizes(nats)),
      orNull(database.use(tableSizes)),
    ]);
    return {
      status: readiness.status,
      versions: this.#versions(stored?.version),
      checks: readiness.checks,
      lag_events: lagOf(readiness),
      backlog,
      deliveries: deliveries && {
        ...deliveries,
        oldest_seconds: Math.max(0, Math.round(deliveries.oldest_seconds)),
      },
      streams,
      tables: stored?.tables ?? null,
    };
  }

  #versions(postgres: string | undefined) {
    const nats = this.nats.info?.version ?? null;
    return { handoffrail: version, node: process.versions.node, nats, postgres: postgres ?? null };
  }
}
