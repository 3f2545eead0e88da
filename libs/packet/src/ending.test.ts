import { describe, expect, it } from 'vitest';
import { ask, at, claim, create, eventsOf, noon, verdictOf } from './given.features.js';
import type { Ask } from './given.features.js';
import { evolve, fold } from './evolve.js';
import { after } from './ids.js';
import { initialState } from './state.js';

describe('a packet that was late when it was recorded', () => {
  it('can be taken once it is retried', () => {
    const [born] = eventsOf(verdictOf(initialState, create({ ttl_seconds: 10 })));
    const late = fold([{ ...born!, occurred_at: after(noon, 15) }]);
    const next = (packet: typeof late, asked: Ask) =>
      eventsOf(verdictOf(packet, asked)).reduce(evolve, packet);
    const expired = next(late, at(20, ask('expire', { reason: 'ttl' })));
    const retried = next(expired, at(60, ask('retry', {})));
    expect(retried).toMatchObject({ status: 'created', terms: { expires_at: after(noon, 61) } });
    expect(next(retried, at(60, claim()))).toMatchObject({ status: 'claimed' });
  });
});
