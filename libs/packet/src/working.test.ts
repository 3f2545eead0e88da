import { describe, expect, it } from 'vitest';
import { after } from './ids.js';
import {
  agent,
  as,
  ask,
  at,
  bound,
  claim,
  complete,
  create,
  fail,
  given,
  having,
  noon,
  packetAfter,
  update,
} from './given.features.js';
import type { CommandId } from './ids.js';
import type { CreateInput } from './input.js';
import { toDocument } from './to-document.js';

const held = given(create(), claim());

describe('working on a packet', () => {
  it('needs no start, and takes one once', () => {
    held.when(complete()).then('packet.completed', { status: 'completed' });
    held.when(ask('start', { note: 'Off we go' })).then('packet.started', { status: 'in_progress' });
    given(create(), claim(), ask('start', {})).when(ask('start', {})).thenQuiet();
  });

  it('starts with the first report of progress', () => {
    held.when(ask('progress', { percent: 40, note: 'Half way' })).then('packet.progressed', {
      status: 'in_progress',
      progress: { percent: 40, note: 'Half way', updated_at: noon },
    });
  });

  it('completes with any JSON, null too, and shows it', () => {
    const packet = packetAfter(create(), claim(), at(5, complete(null)));
    const document = toDocument(packet, '0-1');
    expect(document).toMatchObject({
      result: null,
      claim: { agent: agent('bo') },
      metadata: { claimed_at: noon },
    });
    expect(document.metadata.completed_at).toBe(after(noon, 5));
  });

  it('is quiet when the same result comes again, by its claimant, and refuses another', () => {
    const done = given(create(), claim(), complete({ a: 1, b: [2] }));
    done.when(complete({ b: [2], a: 1 })).thenQuiet();
    done
      .when(complete({ a: 2 }))
      .thenRefused('invalid_transition', { status: 'completed', allowed: ['chain'] });
    done.when(as(bound('cy'), complete({ a: 1, b: [2] }))).thenRefused('not_the_claimant');
  });
});

describe('failing', () => {
  const made = create({ retry: { max_attempts: 2, backoff_seconds: 10 } });

  it('is for good unless it can be retried', () => {
    given(made, claim())
      .when(fail())
      .then('packet.failed', { status: 'failed', failure: { code: 'broken', reason: 'It broke', at: noon } });
    given(made, claim(), fail()).when(fail()).thenQuiet();
    given(made, claim(), fail())
      .when(fail({ code: 'other' }))
      .thenRefused('invalid_transition');
  });

  it('offers the packet again while attempts are left, then keeps it as a dead letter', () => {
    const again = fail({ retryable: true });
    given(made, claim())
      .when(again)
      .then('packet.failed', { status: 'created', available_at: after(noon, 10) });
    given(made, claim(), again, at(10, claim()))
      .when(at(10, again))
      .then('packet.failed', {
        status: 'failed',
        failure: { code: 'max_attempts', reason: 'broken: It broke' },
      });
  });
});

describe('rejecting', () => {
  const no = ask('reject', { reason: 'Not mine' });

  it('is the target’s or the claimant’s, before work starts', () => {
    given(create())
      .when(as(bound('bo'), no))
      .then('packet.rejected', { status: 'rejected', rejected_by: ['bo'] });
    given(create())
      .when(as(bound('cy'), no))
      .thenRefused('not_the_target');
    held
      .when(no)
      .then('packet.rejected', { status: 'rejected', failure: { code: 'rejected', reason: 'Not mine' } });
    given(create(), claim(), ask('start', {})).when(no).thenRefused('invalid_transition');
    given(create(), no).when(no).thenQuiet();
  });

  const onTo = (id: string) =>
    ask('reject', {
      reason: 'Full',
      route: { target: agent(id), candidates: [], strategy: 'capability', confidence: 1 },
    });

  it('sends a routed packet on, and remembers who would not have it', () => {
    const routed = create({ routing: { capabilities: ['billing'] } });
    const packet = given(routed, claim())
      .when(onTo('cy'))
      .then(['packet.rejected', 'packet.routed'], { status: 'created', rejected_by: ['bo'] });
    expect(packet.content.metadata.target_agent).toEqual(agent('cy'));
    given(routed, claim())
      .when(onTo('cy'))
      .thenData({ rerouted: true, next_target: agent('cy') });
    given(create()).when(onTo('cy')).then('packet.rejected', { status: 'rejected' });
    given(routed, onTo('cy'))
      .when(onTo('bo'))
      .then('packet.rejected', { status: 'created', rejected_by: ['bo', 'cy'] });
    const waiting = given(routed).when(no).then('packet.rejected', { status: 'created' });
    expect(waiting.content.metadata).not.toHaveProperty('target_agent');
    given(routed, no).when(claim('bo')).thenRefused('not_the_target');
    given(routed, no).when(claim('cy')).then('packet.claimed');
  });
});

describe('routing', () => {
  it('gives a packet its target, once', () => {
    const choice = ask('route', {
      target: agent('cy'),
      candidates: [],
      strategy: 'capability',
      confidence: 1,
    });
    const routed = create({ routing: {}, metadata: { source_agent: agent('ana') } });
    given(routed)
      .when(choice)
      .then('packet.routed', { content: { metadata: { target_agent: agent('cy') } } });
    given(routed, choice).when(choice).thenQuiet();
    const another = ask('route', { target: agent('bo'), candidates: [], strategy: 'any', confidence: 0.1 });
    given(routed, choice).when(another).thenQuiet();
    given(routed, choice, as(bound('cy'), ask('reject', { reason: 'Full' })))
      .when(choice)
      .thenQuiet();
    given(routed)
      .when(as(bound('ana', 'admin'), choice))
      .thenRefused('forbidden');
  });
});

describe('a create that was routed', () => {
  const route = { target: agent('cy'), candidates: [], strategy: 'capability', confidence: 1 };
  const made = (more: Partial<CreateInput>) => {
    const asked = create(more);
    return { ...asked, data: { ...asked.data, route } };
  };
  const unnamed = made({ routing: {}, metadata: { source_agent: agent('ana') } });

  it('has its target from the first append on', () => {
    const packet = given().when(unnamed).then(['packet.created', 'packet.routed'], { revision: 2 });
    expect(packet.content.metadata.target_agent).toEqual(agent('cy'));
  });

  it('keeps the target that its writer named', () => {
    given()
      .when(made({ routing: {} }))
      .then('packet.created', { content: { metadata: { target_agent: agent('bo') } } });
  });

  it('is answered again as it was, for ever', () => {
    const keyed = having({ command_id: 'c-1' as CommandId, request_digest: 'd' }, unnamed);
    const later = Array.from({ length: 3 }, (_, day) =>
      at(
        (day + 1) * 90_000,
        having(
          { command_id: `later-${day}` as CommandId, request_digest: 'd' },
          update({ context: { summary: `${day}` } }),
        ),
      ),
    );
    given(keyed, ...later)
      .when(keyed)
      .thenReplayed(2);
  });
});

describe('ending and retrying', () => {
  it('cancels what is alive, and refuses to cancel what has ended', () => {
    held.when(ask('cancel', { reason: 'Not needed' })).then('packet.cancelled', { status: 'cancelled' });
    given(create(), ask('cancel', {}))
      .when(ask('cancel', {}))
      .thenRefused('invalid_transition', { allowed: [] });
    given(create(), claim(), complete()).when(ask('cancel', {})).thenRefused('invalid_transition');
  });

  it('expires at its time and not before', () => {
    const made = create({ ttl_seconds: 100 });
    const timer = ask('expire', { reason: 'ttl' });
    given(made).when(at(99, timer)).thenQuiet();
    given(create()).when(at(99, timer)).thenQuiet();
    given(made, claim()).when(at(100, timer)).then('packet.expired', { status: 'expired', reason: 'ttl' });
    given(made, claim()).when(at(100, complete())).thenRefused('packet_expired');
    given(made, claim())
      .when(at(100, ask('cancel', {})))
      .then('packet.cancelled');
  });

  it('retries with all attempts, and with its time to live anew', () => {
    const made = create({ ttl_seconds: 100 });
    const expired = given(made, at(100, ask('expire', { reason: 'ttl' })));
    expired.when(at(500, ask('retry', {}))).then('packet.retried', {
      status: 'created',
      opened_at: after(noon, 500),
      terms: { expires_at: after(noon, 600) },
    });
    given(
      made,
      at(100, ask('expire', { reason: 'ttl' })),
      at(500, ask('retry', {})),
      at(600, ask('expire', { reason: 'ttl' })),
    )
      .when(at(1000, ask('retry', {})))
      .then('packet.retried', { terms: { expires_at: after(noon, 1100) } });
    given(made, claim(), fail())
      .when(at(50, ask('retry', {})))
      .then('packet.retried', { terms: { expires_at: after(noon, 100) } });
  });
});
