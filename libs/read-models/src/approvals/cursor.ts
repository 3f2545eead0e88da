import { epochOf, type Instant } from '#libs/packet';

/** The place of an approval in the inbox: its due time, when it was asked for, its id. */
export interface ApprovalCursor {
  /** `infinity`: behind all that are due some time. */
  due_at: Instant | 'infinity';
  requested_at: Instant;
  id: string;
}

/** The cursor that goes on behind this place. */
export const formatApprovalCursor = ({ due_at, requested_at, id }: ApprovalCursor): string =>
  Buffer.from(JSON.stringify([due_at, requested_at, id])).toString('base64url');

const decode = (text: string): unknown => {
  try {
    return JSON.parse(Buffer.from(text, 'base64url').toString('utf8'));
  } catch {
    return null;
  }
};

const isInstant = (value: unknown): value is Instant =>
  typeof value === 'string' && !Number.isNaN(epochOf(value as Instant));

// What Postgres cannot take in a text is in no id either.
const isId = (value: unknown): value is string =>
  typeof value === 'string' && value.length <= 256 && /^[\x20-\x7e]+$/.test(value);

/** The cursor in a client's text, or null when it is none of ours. */
export const parseApprovalCursor = (text: string): ApprovalCursor | null => {
  const parts = decode(text);
  if (!Array.isArray(parts) || parts.length !== 3) return null;
  const [due_at, requested_at, id] = parts as unknown[];
  if (!isInstant(requested_at) || !isId(id)) return null;
  return due_at === 'infinity' || isInstant(due_at) ? { due_at, requested_at, id } : null;
};
