export { AuditFollower } from './audit-follower.js';
export type { AuditFollowerParts } from './audit-follower.js';
export { AuditTrail } from './audit-trail.js';
export { formatAuditCursor, parseAuditCursor } from './cursor.js';
export type { AuditPlace } from './cursor.js';
export { auditSchema } from './database.js';
export type { AuditDatabase } from './database.js';
export { DenialBudget } from './denial-budget.js';
export type { Allowance, DenialLimits } from './denial-budget.js';
export type {
  AuditActor,
  AuditAttempt,
  AuditDenial,
  AuditEnding,
  AuditMessage,
  AuditReason,
} from './message.js';
export { listAudit } from './queries.js';
export type { AuditEntry, AuditPage, AuditRequest } from './queries.js';
export type { AuditFilter } from './scan.js';
export { sweepAudit } from './sweep.js';
export type { SweepOptions } from './sweep.js';
export { auditPosition } from './write.js';
