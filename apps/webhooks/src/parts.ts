import type { AuditTrail } from '#libs/audit';
import type { DeliveryDatabase } from '#libs/deliveries';
import type { PacketLog } from '#libs/event-log';
import type { HookRegistry, SecretBox } from '#libs/hooks';
import type { Logger } from '#libs/service-kit';
import type { NatsConnection } from '@nats-io/nats-core';
import type { PacketsAsOf } from './packets-as-of.js';

/** The deliveries' database; it may be away, and comes back without a restart. */
export interface Database {
  /** @throws what the connecting and the query throw */
  use<T>(query: (source: DeliveryDatabase) => Promise<T>): Promise<T>;
}

/** What the parts of this service share. */
export interface WebhookParts {
  nats: NatsConnection;
  log: PacketLog;
  logger: Logger;
  hooks: HookRegistry;
  audit: AuditTrail;
  box: SecretBox;
  database: Database;
  packets: PacketsAsOf;
}
