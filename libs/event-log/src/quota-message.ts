import { logHeaders, quotaSubject } from '#libs/contracts';
import type { TenantId } from '#libs/packet';
import type { Piece } from './publisher.js';
import type { StoredMessage } from './stream-reader.js';

/** What a tenant has used of its packets per day. */
export interface QuotaUse {
  /** The UTC day, `yyyy-mm-dd`. */
  day: string;
  used: number;
}

/** What an append takes from a quota. It is stored with the events or not at all. */
export interface Toll extends QuotaUse {
  tenant: TenantId;
  /** The sequence that the quota's last message must still have; 0: it has none. */
  expected: number;
}

const utf8 = new TextEncoder();

/** The message that stands before the events. */
export const tollPiece = ({ tenant, day, used, expected }: Toll): Piece => ({
  subject: quotaSubject(tenant),
  payload: utf8.encode(JSON.stringify({ day, used })),
  headers: [
    [logHeaders.quota, 'packets_per_day'],
    ['Nats-Expected-Last-Subject-Sequence', String(expected)],
  ],
});

/** The use that a message tells; none where it is no message of ours. */
export const readUse = ({ payload }: StoredMessage): QuotaUse => {
  try {
    const { day = '', used = 0 } = JSON.parse(payload) as Partial<QuotaUse>;
    return { day, used };
  } catch {
    return { day: '', used: 0 };
  }
};
