import type { Principal, Role } from '#libs/packet';
import { describe, expect, it } from 'vitest';
import { mayUse } from './access.js';

const holder = (role: Role, platform_admin?: true): Principal => ({
  tenant_id: 'default' as Principal['tenant_id'],
  key_id: 'k',
  role,
  type: 'agent',
  ...(platform_admin && { platform_admin }),
});

describe('access by role', () => {
  it.each([
    ['reader', ['reader']],
    ['agent', ['reader', 'agent']],
    ['writer', ['reader', 'agent', 'writer', 'approver']],
    ['approver', ['reader', 'approver']],
    ['admin', ['reader', 'agent', 'writer', 'approver', 'admin']],
  ] as const)('a %s may use routes for %j', (role, allowed) => {
    const routes = ['reader', 'agent', 'writer', 'approver', 'admin', 'platform'] as const;
    expect(routes.filter((access) => mayUse(access, holder(role)))).toEqual(allowed);
  });

  it('a platform admin is told by its flag, never by its role', () => {
    expect(mayUse('platform', holder('admin'))).toBe(false);
    expect(mayUse('platform', holder('admin', true))).toBe(true);
  });
});
