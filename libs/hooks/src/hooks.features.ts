import { instantAt, parseTenantId } from '#libs/packet';
import type { Endpoint } from './index.js';

export const acme = parseTenantId('acme')!;
export const other = parseTenantId('other')!;
const made = instantAt(Date.UTC(2026, 0, 31, 12));

/** An endpoint that wants everything. */
export const endpoint = (more: Partial<Endpoint> = {}): Endpoint => ({
  tenant_id: acme,
  id: '019ab2f6-2f10-7b3c-9a51-0c1d2e3f4a5b',
  url: 'https://example.com/hook',
  events: ['*'],
  payload: 'full',
  ordered: false,
  secret: { current: 'sealed one' },
  after_sequence: 3,
  created_at: made,
  created_by: 'key',
  updated_at: made,
  ...more,
});
