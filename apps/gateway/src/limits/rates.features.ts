import type { Client } from '#libs/testing';
import { expect } from 'vitest';

/**
 * Puts the clock of this process, and so of its gateways, forward to the next minute, where this one does not last
 * long enough for what is to happen in it. The clock stays so.
 */
export const inOneMinute = (neededMs: number): void => {
  const leftMs = 60_000 - (Date.now() % 60_000);
  if (leftMs >= neededMs) return;
  const now = Date.now;
  Date.now = () => now() + leftMs + 20;
};

/** A tenant with these limits and no others, and keys of it. */
export const newTenant = async (
  admin: Client,
  overrides: object,
): Promise<{ id: string; newKey: (role?: string) => Promise<string> }> => {
  const name = `t${Math.random()}`;
  const made = await admin.post('tenants', { name, tier: 'unlimited', overrides });
  expect(made.status, JSON.stringify(made.body)).toBe(201);
  const { id } = made.body;
  const newKey = async (role = 'writer'): Promise<string> =>
    (await admin.post('keys', { name: 'k', role, tenant_id: id })).body.key;
  return { id, newKey };
};
