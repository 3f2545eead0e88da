import type { Json, JsonObject } from '#libs/packet';
import type { ApiRequest } from '../http/call.js';
import { parseJson } from '../http/json-body.js';

/** Fields whose values may be read by every admin. Of all others, addresses and headers among them, only the name is told. */
const told = [
  'name',
  'role',
  'agent_id',
  'channels',
  'expires_at',
  'grace_seconds',
  'tenant_id',
  'tier',
  'overrides',
  'default_ttl_seconds',
  'team_name',
  'version',
  'events',
  'payload',
  'ordered',
  'rate_per_second',
  'capabilities',
  'approver',
  'expires_in_seconds',
  'since',
] as const;
const mostFields = 50;
const longestName = 64;
const mostCharacters = 2_000;

/** The body of a request, if it is a JSON object; what is wrong with another is for the route to say. */
export const objectOf = ({ body }: ApiRequest): JsonObject => {
  try {
    const value: Json | undefined = Buffer.isBuffer(body) ? parseJson(body) : undefined;
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? value : {};
  } catch {
    return {};
  }
};

/** What the audit tells of a body: never a secret, and never much. */
export const detailsOf = (body: JsonObject): JsonObject => {
  const fields = Object.keys(body)
    .slice(0, mostFields)
    .map((name) => name.slice(0, longestName));
  if (fields.length === 0) return {};
  const values: JsonObject = { fields };
  for (const name of told) if (body[name] !== undefined) values[name] = body[name];
  return JSON.stringify(values).length <= mostCharacters ? values : { fields };
};
