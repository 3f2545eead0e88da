export { claimingHandler } from './claiming-handler.js';
export { ClaimingModule } from './claiming.module.js';
