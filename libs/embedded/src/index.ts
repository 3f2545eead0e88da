export { findNatsServer, type FindNatsOptions } from './nats/find-nats-server.js';
export { startNats, type Durability, type EmbeddedNats, type StartNatsOptions } from './nats/start-nats.js';
export {
  startPostgres,
  type EmbeddedPostgres,
  type StartPostgresOptions,
} from './postgres/start-postgres.js';
