export { ApprovalTimersModule } from './approval-timers.module.js';
export { approvalsHandler } from './approvals-handler.js';
