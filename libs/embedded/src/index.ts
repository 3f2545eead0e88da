export { findNatsServer, type FindNatsOptions } from './nats/find-nats-server.js';
export type { Durability } from './nats/nats-config.js';
export { startNats, type EmbeddedNats, type StartNatsOptions } from './nats/start-nats.js';
export {
  startPostgres,
  type EmbeddedPostgres,
  type StartPostgresOptions,
} from './postgres/start-postgres.js';
