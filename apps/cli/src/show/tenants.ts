import type { TenantDocument, TenantListDocument } from '#libs/sdk';
import { cardText, listShape } from './listing.js';
import { momentOf } from './moments.js';
import type { Shape } from './shape.js';

/** Tenants, a line each. */
export const tenantList: Shape<TenantListDocument> = listShape({
  rows: ({ tenants }: TenantListDocument) => tenants,
  columns: () => [
    { title: 'ID', value: ({ id }) => id },
    { title: 'TIER', value: ({ tier }) => tier },
    { title: 'CREATED', value: ({ created_at }) => momentOf(created_at) },
    { title: 'NAME', value: ({ name }) => name, flexible: true },
  ],
  none: 'No tenants.',
  id: ({ id }) => id,
});

const limitsOf = ({ limits, overrides }: TenantDocument): string =>
  Object.entries(limits)
    .map(([name, limit]) => `${name} ${limit ?? 'unlimited'}${name in overrides ? ' (its own)' : ''}`)
    .join('\n');

/** One tenant. */
export const tenantCard: Shape<TenantDocument> = {
  text: (tenant, look) =>
    cardText(
      tenant.id,
      [
        ['name', tenant.name],
        ['tier', tenant.tier],
        ['created', momentOf(tenant.created_at)],
        ['time to live', tenant.default_ttl_seconds && `${tenant.default_ttl_seconds} s, when none is given`],
        ['limits', limitsOf(tenant)],
      ],
      look,
    ),
  ids: ({ id }) => [id],
};
