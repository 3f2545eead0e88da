export { claimingHandler } from './claiming-handler.js';
export { ClaimingModule } from './claiming.module.js';
export { answerHeartbeat } from './heartbeat.js';
export { LeaseTimersModule } from './lease-timers.module.js';
