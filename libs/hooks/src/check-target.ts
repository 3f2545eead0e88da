import { checkUrl } from './check-url.js';
import { checkedLookup, type GuardOptions, NotAllowed } from './lookup.js';

const lookupMs = 5_000;

/**
 * Why a URL cannot be an endpoint, as a sentence, after its host was looked up; null when it can. A name that
 * cannot be resolved now is let through: each attempt to send checks it again.
 */
export const checkTarget = async (url: string, options: GuardOptions): Promise<string | null> => {
  const refusal = checkUrl(url, options.allowed);
  if (refusal !== null) return refusal;
  const { hostname } = new URL(url);
  if (hostname.startsWith('[')) return null;
  return new Promise((resolve) => {
    const late = setTimeout(resolve, lookupMs, null);
    checkedLookup(options)(hostname, { all: true }, (error) => {
      clearTimeout(late);
      resolve(error instanceof NotAllowed ? error.message : null);
    });
  });
};
