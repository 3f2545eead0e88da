import { httpHeaders } from '#libs/contracts';
import { instantAt } from '#libs/packet';
import { ProblemError } from '../http/problem-error.js';
import type { Rated, Standing } from './request-rates.js';

const secondsUntil = (ms: number): number => Math.max(1, Math.ceil((ms - Date.now()) / 1_000));

const remaining = ({ limit, used }: Standing): number => limit - used;

/** The one that ends first, if the caller goes on. */
const tightest = (standings: readonly Standing[]): Standing | undefined =>
  standings.reduce<Standing | undefined>(
    (least, each) => (least === undefined || remaining(each) < remaining(least) ? each : least),
    undefined,
  );

const policyOf = ({ window, limit, seconds }: Standing): string => `"${window}";q=${limit};w=${seconds}`;

const stateOf = (standing: Standing): string =>
  `"${standing.window}";r=${remaining(standing)};t=${secondsUntil(standing.resetsAt)}`;

/**
 * What a caller is told of its limits: of each by the IETF's fields (draft-ietf-httpapi-ratelimit-headers-10), of
 * the tightest by the customary ones.
 */
export const rateHeaders = ({ tier, standings, refusedBy }: Rated): Record<string, string | number> => {
  const shown = refusedBy ?? tightest(standings);
  if (shown === undefined) return { [httpHeaders.rateTier]: tier };
  return {
    [httpHeaders.rateTier]: tier,
    [httpHeaders.rateLimit]: shown.limit,
    [httpHeaders.rateRemaining]: remaining(shown),
    [httpHeaders.rateReset]: shown.resetsAt / 1_000,
    [httpHeaders.ratePolicies]: standings.map(policyOf).join(', '),
    [httpHeaders.rateStates]: standings.map(stateOf).join(', '),
  };
};

const whose = {
  minute: 'This key has made the # requests that it may make in a minute',
  hour: 'The keys of this tenant have made the # requests that they may make in an hour',
} as const;

/** Refuses a request that is one too many. */
export const tooMany = ({ window, limit, used, resetsAt }: Standing): ProblemError => {
  const resets_at = instantAt(resetsAt);
  const detail = `${whose[window].replace('#', String(limit))}: wait until ${resets_at}.`;
  return new ProblemError('rate_limited', detail, {
    retry_after: secondsUntil(resetsAt),
    limit,
    used,
    resets_at,
  });
};
