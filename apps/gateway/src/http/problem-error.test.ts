import type { Instant } from '#libs/packet';
import { describe, expect, test } from 'vitest';
import { refused } from './problem-error.js';

describe('refused', () => {
  test('says in seconds when a packet is offered again', () => {
    const available_at = new Date(Date.now() + 29_500).toISOString() as Instant;
    const { facts } = refused({ code: 'not_yet_available', detail: 'Later.', available_at });
    expect(facts.retry_after).toBe(30);
  });

  test('waits at least a second, though the time is over by now', () => {
    const available_at = '2020-01-01T00:00:00.000Z' as Instant;
    expect(refused({ code: 'not_yet_available', detail: 'Later.', available_at }).facts.retry_after).toBe(1);
  });

  test('names no command that only the rail sends', () => {
    const rejection = {
      code: 'invalid_transition' as const,
      detail: 'No.',
      allowed: ['claim', 'expire'] as const,
    };
    expect(refused({ ...rejection, allowed: [...rejection.allowed] }).facts.allowed).toEqual(['claim']);
  });
});
