export { ExpiryTimersModule } from './expiry-timers.module.js';
export { ingestionHandler } from './ingestion-handler.js';
export { IngestionModule } from './ingestion.module.js';
export { LateRoutingModule } from './late-routing.module.js';
