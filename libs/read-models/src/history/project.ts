import { type HistoryEvent, historyEventOf, type TenantId } from '#libs/packet';
import type { Change } from '../logged-event.js';

/** A row of the audit trail. */
export type HistoryRow = HistoryEvent & { tenant_id: TenantId };

/** One row per event. */
export const projectHistory = (changes: readonly Change[]): HistoryRow[] =>
  changes.map(({ event }) => ({ tenant_id: event.tenant_id, ...historyEventOf(event) }));
