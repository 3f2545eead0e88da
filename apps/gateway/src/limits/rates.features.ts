import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '#libs/testing';
import { expect } from 'vitest';

/** Waits for the next minute where this one does not last long enough for what is to happen in it. */
export const inOneMinute = async (neededMs: number): Promise<void> => {
  const leftMs = 60_000 - (Date.now() % 60_000);
  if (leftMs < neededMs) await sleep(leftMs + 20);
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
