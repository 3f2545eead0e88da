export { afterFailure, afterSuccess, allowed, closedBreaker, isClosed } from './breaker.js';
export type { Breaker } from './breaker.js';
export { checkAddress } from './check-address.js';
export { checkTarget } from './check-target.js';
export { checkUrl } from './check-url.js';
export { disable, enable, isActive, isDeleted, rotate } from './endpoint.js';
export type { DisabledReason, Endpoint, EndpointFacts, HookFilter, SealedSecrets } from './endpoint.js';
export { guardedDispatcher } from './guarded-dispatcher.js';
export { HookRegistry } from './hook-registry.js';
export type { HookListener } from './hook-registry.js';
export { NotAllowed } from './lookup.js';
export type { GuardOptions, Lookup } from './lookup.js';
export { parseNetworks } from './networks.js';
export type { Networks } from './networks.js';
export { post } from './post.js';
export type { Posted, Posting } from './post.js';
export {
  askedToWaitMs,
  failureOf,
  isDelivered,
  isGivenUp,
  isGone,
  judge,
  parseRetrySeconds,
  retrySeconds,
} from './retry-policy.js';
export type { Judged, Verdict } from './retry-policy.js';
export { openHeaders, openSecrets, sealHeaders, sealSecret } from './sealed.js';
export { CannotOpen, SecretBox } from './secret-box.js';
export { loadSecretKey, parseSecretKey } from './secret-key.js';
export { isSecret, newSecret, signatureHeaders } from './signatures.js';
export type { Signed } from './signatures.js';
export { wants } from './wants.js';
export type { Happening } from './wants.js';
