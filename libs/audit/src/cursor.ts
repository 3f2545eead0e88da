import { epochOf, type Instant, instantAt } from '#libs/packet';

/** The place of an entry in the audit, newest first: entries that come do not move it. */
export interface AuditPlace {
  at: Instant;
  id: string;
}

const place = /^(\d{1,15}) ([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** The cursor that goes on behind this place. */
export const formatAuditCursor = ({ at, id }: AuditPlace): string =>
  Buffer.from(`${epochOf(at)} ${id}`).toString('base64url');

/** The place that a client's text names, or null when it is none of ours. */
export const parseAuditCursor = (cursor: string): AuditPlace | null => {
  const [, ms, id] = place.exec(Buffer.from(cursor, 'base64url').toString('latin1')) ?? [];
  return ms === undefined || id === undefined ? null : { at: instantAt(Number(ms)), id };
};
