import { HandoffRailError } from './errors.js';
import type { HookMessageDocument } from './generated/wire.js';

/** Headers as `fetch`, Node or a framework has them. */
export type HeaderSource =
  { get(name: string): string | null } | Record<string, string | string[] | undefined>;

/** More than one secret, or another tolerance. */
export interface VerifyOptions {
  /** Any of these may have signed: during a rotation, the old and the new one. */
  secrets: readonly string[];
  /** How old, or how far ahead, a delivery may be; 300 when left out. Seconds. */
  toleranceSeconds?: number | undefined;
}

/** The request is not from the rail, has been changed on the way, or is too old. Answer it with 401. */
export class WebhookVerificationError extends HandoffRailError {
  constructor(message: string) {
    super({ code: 'webhook_not_verified', message });
  }
}

const bytesOf = (base64: string): Uint8Array<ArrayBuffer> | null => {
  try {
    return Uint8Array.from(atob(base64), (char) => char.charCodeAt(0));
  } catch {
    return null;
  }
};

const keyOf = (secret: string) => {
  const decoded = secret.startsWith('whsec_') ? bytesOf(secret.slice('whsec_'.length)) : null;
  const raw = decoded ?? new TextEncoder().encode(secret);
  return crypto.subtle.importKey('raw', raw, { name: 'HMAC', hash: 'SHA-256' }, false, ['verify']);
};

const headerOf = (headers: HeaderSource, name: string): string => {
  const value = typeof headers.get === 'function' ? headers.get(name) : inRecord(headers, name);
  if (value === undefined || value === null)
    throw new WebhookVerificationError(`The header ${name} is missing.`);
  return value;
};

const inRecord = (headers: object, name: string): string | undefined => {
  const entry = Object.entries(headers).find(([key]) => key.toLowerCase() === name);
  const value = entry?.[1] as string | string[] | undefined;
  return Array.isArray(value) ? value[0] : value;
};

const joined = (head: string, body: Uint8Array): Uint8Array<ArrayBuffer> => {
  const start = new TextEncoder().encode(head);
  const all = new Uint8Array(start.length + body.length);
  all.set(start);
  all.set(body, start.length);
  return all;
};

const checkAge = (timestamp: string, tolerance: number): void => {
  const age = Math.abs(Date.now() / 1000 - Number(timestamp));
  // Not a number is not young.
  if (!(age <= tolerance))
    throw new WebhookVerificationError('The delivery is too old, or the clocks differ.');
};

const isSigned = async (
  signatures: string,
  data: Uint8Array<ArrayBuffer>,
  secret: string,
): Promise<boolean> => {
  const key = await keyOf(secret);
  for (const signature of signatures.split(' ')) {
    const [version, value = ''] = signature.split(',');
    const bytes = version === 'v1' ? bytesOf(value) : null;
    if (bytes !== null && (await crypto.subtle.verify('HMAC', key, bytes, data))) return true;
  }
  return false;
};

/**
 * The event in a webhook request, once its signature and its age are checked. Give it the body as it came,
 * before anything parsed it.
 *
 * @throws WebhookVerificationError
 *
 * @example
 * ```ts
 * const event = await verifyWebhook(await request.text(), request.headers, secret);
 * console.log(event.type, event.packet_id);
 * ```
 */
export const verifyWebhook = async (
  rawBody: string | Uint8Array,
  headers: HeaderSource,
  secret: string | VerifyOptions,
): Promise<HookMessageDocument> => {
  const options: VerifyOptions = typeof secret === 'string' ? { secrets: [secret] } : secret;
  const [id, timestamp] = [headerOf(headers, 'webhook-id'), headerOf(headers, 'webhook-timestamp')];
  const signatures = headerOf(headers, 'webhook-signature');
  checkAge(timestamp, options.toleranceSeconds ?? 300);
  const body = typeof rawBody === 'string' ? new TextEncoder().encode(rawBody) : rawBody;
  const data = joined(`${id}.${timestamp}.`, body);
  for (const one of options.secrets)
    if (await isSigned(signatures, data, one))
      return JSON.parse(new TextDecoder().decode(body)) as HookMessageDocument;
  throw new WebhookVerificationError('No signature fits: check the secret, and that the body is as it came.');
};
