import { isIP } from 'node:net';
import { setTimeout as delay } from 'node:timers/promises';
import { checkUrl } from './check-url.js';
import { type GuardOptions, lookUp, NotAllowed } from './lookup.js';

const lookupMs = 5_000;

/**
 * Why a URL cannot be an endpoint, as a sentence, after its host was looked up; null when it can. A name that
 * cannot be resolved now is let through: each attempt to send checks it again.
 */
export const checkTarget = async (url: string, options: GuardOptions): Promise<string | null> => {
  const refusal = checkUrl(url, options.allowed);
  if (refusal !== null) return refusal;
  const { hostname } = new URL(url);
  // An address needs no lookup.
  if (hostname.startsWith('[') || isIP(hostname) !== 0) return null;
  const late = delay(lookupMs, null, { ref: false });
  return Promise.race([refusalOf(hostname, options), late]);
};

const refusalOf = async (hostname: string, options: GuardOptions): Promise<string | null> => {
  try {
    await lookUp(hostname, options);
    return null;
  } catch (error) {
    return error instanceof NotAllowed ? error.message : null;
  }
};
