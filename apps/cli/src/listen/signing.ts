import { createHmac, randomBytes } from 'node:crypto';

const prefix = 'whsec_';

/** A secret as the rail makes them for webhooks. */
export const newSecret = (): string => prefix + randomBytes(32).toString('base64');

const keyOf = (secret: string): Buffer =>
  secret.startsWith(prefix) ? Buffer.from(secret.slice(prefix.length), 'base64') : Buffer.from(secret);

/** The headers by which a receiver knows who calls: those of Standard Webhooks, and those of the older convention. */
export const signatureHeaders = (secret: string, id: string, body: string): Record<string, string> => {
  const timestamp = String(Math.floor(Date.now() / 1000));
  const signature = createHmac('sha256', keyOf(secret)).update(`${id}.${timestamp}.${body}`).digest('base64');
  return {
    'webhook-id': id,
    'webhook-timestamp': timestamp,
    'webhook-signature': `v1,${signature}`,
    'x-hr-signature': createHmac('sha256', secret).update(body).digest('hex'),
  };
};
