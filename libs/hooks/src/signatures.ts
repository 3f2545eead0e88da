import { createHmac, randomBytes } from 'node:crypto';

const prefix = 'whsec_';

/** A secret in the form of Standard Webhooks: `whsec_` and 32 random bytes in base64. */
export const newSecret = (): string => prefix + randomBytes(32).toString('base64');

/** Whether a text may be a secret: 16-256 characters; after `whsec_` comes base64 of at least 16 bytes. */
export const isSecret = (text: string): boolean => {
  if (text.length < 16 || text.length > 256) return false;
  if (!text.startsWith(prefix)) return true;
  const encoded = text.slice(prefix.length);
  const key = Buffer.from(encoded, 'base64');
  return key.length >= 16 && key.toString('base64') === encoded;
};

const keyOf = (secret: string): Buffer =>
  secret.startsWith(prefix) ? Buffer.from(secret.slice(prefix.length), 'base64') : Buffer.from(secret);

/** What is signed: one attempt to send a body. */
export interface Signed {
  /** Stable across attempts. */
  id: string;
  /** Epoch seconds of the attempt. */
  timestamp: number;
  body: string;
}

const standard = (secret: string, { id, timestamp, body }: Signed): string => {
  const hmac = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.`).update(body);
  return `v1,${hmac.digest('base64')}`;
};

// The older convention knows no form of secrets: its key is the text as it was shown.
const older = (secret: string, { body }: Signed): string =>
  createHmac('sha256', secret).update(body).digest('hex');

/**
 * The headers by which a receiver knows that it is us: those of Standard Webhooks 1.0 with a signature per
 * secret, and those of the older convention, where the secret before gets a header of its own. The current
 * secret comes first.
 */
export const signatureHeaders = (
  [current, ...previous]: readonly [string, ...string[]],
  signed: Signed,
): Record<string, string> => ({
  'webhook-id': signed.id,
  'webhook-timestamp': String(signed.timestamp),
  'webhook-signature': [current, ...previous].map((secret) => standard(secret, signed)).join(' '),
  'x-hr-signature': older(current, signed),
  ...(previous[0] !== undefined && { 'x-hr-signature-previous': older(previous[0], signed) }),
});
