import { httpHeaders, type PageQuery } from '#libs/contracts';
import type { ApiReply } from '../http/call.js';
import { pageOf } from '../http/list-page.js';
import { sendJson } from '../http/reply.js';
import { isLive, type KeyRecord } from './key-records.js';
import type { KeyUses } from './key-uses.js';
import type { MadeKey } from './keys.js';

const statusOf = (record: KeyRecord): 'live' | 'expired' | 'revoked' => {
  if (record.revoked_at !== undefined) return 'revoked';
  return isLive(record, new Date()) ? 'live' : 'expired';
};

/** A key as it is shown: never the key itself. */
export const keyDocument = (uses: KeyUses, { request_digest: _digest, ...record }: KeyRecord) => ({
  ...record,
  status: statusOf(record),
  last_used_at: uses.lastUse(record.id),
});

/** A page of keys, newest first. @throws ProblemError for a cursor that is none */
export const keyPage = (uses: KeyUses, records: KeyRecord[], query: PageQuery) => {
  const { items, page } = pageOf(records, query, 'newest');
  return { keys: items.map((record) => keyDocument(uses, record)), ...page };
};

/** Answers with a key that was made, this once in plain. */
export const sendMadeKey = (reply: ApiReply, uses: KeyUses, { record, key }: MadeKey): void => {
  if (key === undefined) void reply.header(httpHeaders.idempotencyReplayed, 'true');
  sendJson(reply, 201, { ...keyDocument(uses, record), key: key ?? null });
};
