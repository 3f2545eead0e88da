export type { ClaimNext } from './claim-next/claim-next.js';
export { claimingHandler } from './claiming-handler.js';
export { answerHeartbeat } from './heartbeat.js';
export { LeaseTimersModule } from './lease-timers.module.js';
export { openClaimNext } from './start-claiming.js';
