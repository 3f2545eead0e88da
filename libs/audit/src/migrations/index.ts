import { AuditEntries1767744000000 } from './entries.js';

export const migrations = [AuditEntries1767744000000] as const;
