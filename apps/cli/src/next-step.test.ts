import { readdirSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { HandoffRailError } from '#libs/sdk';
import { expect, it } from 'vitest';
import { nextByCode, nextStepOf } from './next-step.js';

const problems = readdirSync(fileURLToPath(new URL('../../../docs/problems', import.meta.url)));
const known = new Set(['connection', 'timeout', ...problems.map((name) => name.replace(/\.md$/, ''))]);
const stepOf = (code: string, status: number, help = 'handoffrail claim --help') =>
  nextStepOf(new HandoffRailError({ code, status, message: 'No.' }), help);

it('knows no code that the rail does not', () => {
  expect(Object.keys(nextByCode).filter((code) => !known.has(code))).toEqual([]);
});

it('asks for another key only where the key is at fault', () => {
  expect(stepOf('forbidden', 403)).toMatch(/role/);
  expect(stepOf('unauthenticated', 401)).toMatch(/handoffrail login/);
  expect(stepOf('key_revoked', 403)).toMatch(/handoffrail login/);
  expect(stepOf('not_the_target', 403)).toMatch(/--agent-id/);
  expect(stepOf('too_many_keys', 403)).toBeUndefined();
});

it('names the flag for the claim, and the list of what is not found', () => {
  expect(stepOf('claim_token_required', 409)).toMatch(/--claim-id/);
  expect(stepOf('not_found', 404)).toBe('See what there is: handoffrail list');
  expect(stepOf('not_found', 404, 'handoffrail hooks get --help')).toBe(
    'See what there is: handoffrail hooks list',
  );
});
