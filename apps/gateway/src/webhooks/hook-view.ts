import type { HookListQuery } from '#libs/contracts';
import { type Endpoint, type HookRegistry, isActive, isDeleted } from '#libs/hooks';
import { type Instant, instantAt, type TenantId } from '#libs/packet';
import { given } from '../packets/simple-commands.js';
import { badCursor } from '../reads/list-filter.js';

const statusOf = (endpoint: Endpoint): NonNullable<HookListQuery['status']> => {
  if (isActive(endpoint)) return 'active';
  return isDeleted(endpoint) ? 'deleted' : 'disabled';
};

/** Until when the secret before still signs; null: it does not. */
export const previousUntil = ({ secret: { previous } }: Endpoint, now: Instant): Instant | null =>
  previous && previous.until > now ? previous.until : null;

/** A webhook as it is shown: without its secret and without the values of its headers. */
export const hookDocument = (endpoint: Endpoint) => {
  const { id, url, events, payload, ordered, headers, disabled } = endpoint;
  const until = previousUntil(endpoint, instantAt(Date.now()));
  return {
    ...{ id, url, events, payload, ordered },
    ...given(endpoint, 'description', 'filter', 'rate_per_second'),
    header_names: headers?.names ?? [],
    status: statusOf(endpoint),
    ...(disabled && { disabled_reason: disabled.reason, disabled_at: disabled.at }),
    ...(until && { previous_secret_until: until }),
    ...given(endpoint, 'created_at', 'created_by', 'updated_at'),
  };
};

const isShown =
  ({ status }: HookListQuery) =>
  (endpoint: Endpoint): boolean =>
    status === undefined ? !isDeleted(endpoint) : statusOf(endpoint) === status;

const placeOf = ({ created_at, id }: Endpoint): string => `${created_at} ${id}`;
const place = /^\d{4}-\d\d-\d\dT[\d:.]+Z [0-9a-f-]{36}$/;

const cursorOf = (endpoint: Endpoint): string => Buffer.from(placeOf(endpoint)).toString('base64url');

const parseCursor = (cursor: string): string => {
  const text = Buffer.from(cursor, 'base64url').toString('latin1');
  if (!place.test(text)) throw badCursor();
  return text;
};

/** A page of the tenant's webhooks, oldest first. @throws ProblemError for a cursor that is none */
export const hookPage = (registry: HookRegistry, tenant: TenantId, query: HookListQuery) => {
  const { limit = 50, cursor } = query;
  const filtered = registry.list(tenant).filter(isShown(query));
  const after = cursor === undefined ? '' : parseCursor(cursor);
  const rest = filtered.filter((endpoint) => placeOf(endpoint) > after);
  const hooks = rest.slice(0, limit);
  const last = hooks.at(-1);
  return {
    hooks: hooks.map(hookDocument),
    total: filtered.length,
    limit,
    next_cursor: last && rest.length > hooks.length ? cursorOf(last) : null,
  };
};
