import { httpHeaders } from '#libs/contracts';
import type { Principal } from '#libs/packet';
import { type ApiRequest, headerOf } from '../http/call.js';
import { innerKeyHash } from '../http/inner-requests.js';
import { ProblemError } from '../http/problem-error.js';
import { type Access, mayUse } from './access.js';
import type { ControlData } from './control-data.js';
import { hashKey, type KeyRecord, principalFrom } from './key-records.js';

const bearer = /^Bearer +(\S+)$/i;

const fromQuery = ({ query, routeOptions }: ApiRequest): string | undefined => {
  if (!routeOptions.config.keyInQuery) return undefined;
  const { api_key, token } = query as Record<string, unknown>;
  return [api_key, token].find((value) => typeof value === 'string');
};

/** The key as the caller sent it. */
export const credentialOf = (request: ApiRequest): string | undefined => {
  const own = headerOf(request, httpHeaders.apiKey);
  if (own !== undefined) return own;
  return bearer.exec(headerOf(request, 'authorization') ?? '')?.[1] ?? fromQuery(request);
};

const missing = 'Send an API key in the header X-API-Key or as Authorization: Bearer.';

/** What the caller's key is stored under. @throws ProblemError when there is none */
export const keyHashOf = (request: ApiRequest): string => {
  const known = innerKeyHash(request);
  if (known !== undefined) return known;
  const credential = credentialOf(request);
  if (!credential) throw new ProblemError('unauthenticated', missing);
  return hashKey(credential);
};

const checkLive = ({ revoked_at, expires_at, prefix }: KeyRecord): void => {
  if (revoked_at !== undefined)
    throw new ProblemError('key_revoked', `The key ${prefix}… was revoked at ${revoked_at}: use another.`);
  if (expires_at !== undefined && Date.parse(expires_at) <= Date.now())
    throw new ProblemError('key_expired', `The key ${prefix}… expired at ${expires_at}: use another.`);
};

const checkTenant = (control: ControlData, { prefix, tenant_id }: KeyRecord): void => {
  const deletedAt = control.tenant(tenant_id)?.value.deleted_at;
  if (deletedAt !== undefined)
    throw new ProblemError('key_revoked', `The key ${prefix}… ended with its tenant at ${deletedAt}.`);
};

/** The record that is stored under a key's hash, if the key works. @throws ProblemError */
export const liveKey = (control: ControlData, hash: string): KeyRecord => {
  const record = control.keys.get(hash)?.value;
  if (!record) throw new ProblemError('unauthenticated', 'This API key is not known: check it.');
  checkTenant(control, record);
  checkLive(record);
  return record;
};

const wantedKey = (access: Exclude<Access, 'public'>): string => {
  if (access === 'platform') return 'a platform admin';
  return `a key of role ${access === 'respondent' ? 'approver' : access}`;
};

/** The caller of a request, if the key is live. @throws ProblemError */
export const callerOf = (control: ControlData, request: ApiRequest): Principal =>
  principalFrom(liveKey(control, keyHashOf(request)));

/** @throws ProblemError when the caller's role does not allow the route */
export const checkAccess = (principal: Principal, access: Exclude<Access, 'public'>): void => {
  if (mayUse(access, principal)) return;
  throw new ProblemError('forbidden', `Use ${wantedKey(access)}: this key has the role ${principal.role}.`);
};
