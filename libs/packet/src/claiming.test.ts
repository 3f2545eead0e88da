import { describe, expect, it } from 'vitest';
import { after } from './ids.js';
import {
  agent,
  as,
  ask,
  at,
  backend,
  bound,
  claim,
  complete,
  create,
  given,
  having,
  noon,
  packetAfter,
} from './given.features.js';
import { toDocument } from './to-document.js';

const open = create({ claim_policy: 'open' });
const lost = (jitter = 0) => ask('lose_claim', { lost_claim_id: 'claim-bo', jitter });
const leased = claim('bo', { lease_seconds: 60 });

describe('claim', () => {
  it('gives the packet to its target, with a fencing token', () => {
    given(create())
      .when(leased)
      .then('packet.claimed', {
        status: 'claimed',
        attempt: 1,
        claim: { agent: agent('bo'), attempt: 1, claimed_at: noon, lease_expires_at: after(noon, 60) },
      });
  });

  it('is refused to others than the target, unless it is open to all', () => {
    given(create()).when(claim('cy')).thenRefused('not_the_target');
    given(open).when(claim('cy')).then('packet.claimed');
  });

  it('is quiet for the holder and tells all others who holds it', () => {
    given(open, claim('bo')).when(claim('bo')).thenQuiet();
    given(open, claim('bo')).when(claim('cy')).thenRefused('already_claimed', { claimed_by: 'bo' });
    given(open, claim('bo'), ask('start', {})).when(claim('bo')).thenQuiet();
  });

  it('lets people and backends take what is addressed to a human, but no agent', () => {
    const toHuman = create({
      metadata: { source_agent: agent('ana'), target_agent: { id: 'human', name: 'A person' } },
    });
    given(toHuman)
      .when(as(bound('bo'), claim('bo')))
      .thenRefused('not_the_target');
    given(toHuman)
      .when(as({ ...bound('pat'), type: 'human' }, claim('pat')))
      .then('packet.claimed');
    given(toHuman).when(claim('pat')).then('packet.claimed');
  });

  it('lets anybody take what is routed and has no target yet, but whom the routing excludes', () => {
    const routed = create({ metadata: { source_agent: agent('ana') }, routing: { exclude: ['cy'] } });
    given(routed).when(claim('bo')).then('packet.claimed');
    given(routed).when(claim('cy')).thenRefused('not_the_target');
  });

  it('is over when the packet is', () => {
    given(create({ ttl_seconds: 10 }))
      .when(at(10, claim()))
      .thenRefused('packet_expired');
    given(create({ ttl_seconds: 10 }))
      .when(at(9.999, claim()))
      .then('packet.claimed');
    given(create({ ttl_seconds: 10 }), at(10, ask('expire', { reason: 'ttl' })))
      .when(claim())
      .thenRefused('packet_expired');
  });
});

describe('release', () => {
  it('offers the packet again, at once or later, and forgets the progress', () => {
    const held = given(create(), claim(), ask('progress', { percent: 40 }));
    expect(held.when(ask('release', {})).then('packet.released', { status: 'created' })).not.toHaveProperty(
      'progress',
    );
    held
      .when(ask('release', { delay_seconds: 30, reason: 'Later' }))
      .then('packet.released', { available_at: after(noon, 30) });
  });

  it('puts off every claim until its time', () => {
    const put = given(create(), claim(), ask('release', { delay_seconds: 30 }));
    put.when(at(29, claim())).thenRefused('not_yet_available', { available_at: after(noon, 30) });
    put.when(at(30, claim())).then('packet.claimed', { attempt: 2 });
  });

  it('counts no attempt', () => {
    const once = create({ retry: { max_attempts: 1 } });
    expect(packetAfter(once, claim(), ask('release', {})).failed_attempts).toBe(0);
  });
});

describe('losing a claim', () => {
  it('is quiet before its time, for another claim, and for one without a lease', () => {
    given(create(), leased).when(at(59, lost())).thenQuiet();
    given(create(), leased)
      .when(at(60, ask('lose_claim', { lost_claim_id: 'old', jitter: 0 })))
      .thenQuiet();
    given(create(), claim()).when(at(900, lost())).thenQuiet();
    given(create(), leased, having({ claim_id: 'claim-bo' }, complete()))
      .when(at(60, lost()))
      .thenQuiet();
  });

  it('offers the packet again, later each time', () => {
    const made = create({ retry: { max_attempts: 5, backoff_seconds: 10 } });
    given(made, leased)
      .when(at(60, lost()))
      .then('packet.claim_expired', { available_at: after(noon, 70), failed_attempts: 1 });
    given(made, leased)
      .when(at(60, lost(1)))
      .then('packet.claim_expired', { available_at: after(noon, 72) });
    given(made, leased, at(60, lost()), at(70, leased))
      .when(at(130, lost()))
      .then('packet.claim_expired', { available_at: after(noon, 150), failed_attempts: 2 });
  });

  it('ends as a dead letter when no attempt is left', () => {
    given(create({ retry: { max_attempts: 1 } }), leased)
      .when(at(60, lost()))
      .then('packet.claim_expired', { status: 'failed', failure: { code: 'max_attempts', retryable: true } });
  });

  it('waits no longer than a day', () => {
    const made = create({ retry: { max_attempts: 100, backoff_seconds: 80_000 } });
    given(made, leased, at(60, lost()), at(100_000, leased))
      .when(at(100_060, lost()))
      .then('packet.claim_expired', { available_at: after(noon, 100_060 + 86_400) });
  });
});

describe('the fencing token', () => {
  const again = [open, leased, at(60, lost()), at(60, claim('cy', { lease_seconds: 60 }))];
  const late = (token: string) => having({ claim_id: token }, ask('complete', { agent_id: 'bo', result: 1 }));

  it('stops a holder that has lost its claim, before anything else is said', () => {
    given(...again)
      .when(late('claim-bo'))
      .thenRefused('stale_claim');
    given(...again.slice(0, 3))
      .when(late('claim-bo'))
      .thenRefused('stale_claim');
    given(...again)
      .when(late('claim-cy'))
      .thenRefused('not_the_claimant');
  });

  it('is needed where the claim has a lease, and only there', () => {
    given(create(), leased).when(complete()).thenRefused('claim_token_required');
    given(create(), leased)
      .when(having({ claim_id: 'claim-bo' }, complete()))
      .then('packet.completed');
    given(create(), claim()).when(complete()).then('packet.completed');
  });

  it('is not asked of those who act beside the holder', () => {
    const question = ask('request_approval', {
      agent_id: 'ana',
      approval_id: 'approval-1',
      policy: { ...packetPolicy },
    });
    given(create(), leased).when(question).then('packet.approval_requested');
    given(create(), leased)
      .when(as({ ...backend, role: 'admin' }, ask('release', {})))
      .then('packet.released');
    given(create(), leased).when(ask('cancel', {})).then('packet.cancelled');
  });

  it('grows with each claim, also after a retry', () => {
    const packet = packetAfter(
      ...again,
      at(120, ask('lose_claim', { lost_claim_id: 'claim-cy', jitter: 0 })),
      claim(),
    );
    expect(packet).toMatchObject({ attempt: 3, claim: { attempt: 3 }, failed_attempts: 2 });
    const dead = packetAfter(
      create({ retry: { max_attempts: 1 } }),
      leased,
      at(60, lost()),
      ask('retry', {}),
      claim(),
    );
    expect(dead).toMatchObject({ attempt: 2, failed_attempts: 0 });
    expect(toDocument(dead, '0-1').claim?.attempt).toBe(2);
  });
});

const packetPolicy = {
  required: true,
  reason: 'Sure?',
  options: [],
  strict_options: false,
  approvers: [],
  quorum: { approve: 1, deny: 1 },
  allow_agents: false,
  allow_edits: false,
  on_timeout: 'wait' as const,
  escalation: [],
};
