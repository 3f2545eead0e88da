import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { directiveFor } from './directive.js';
import { fold } from './evolve.js';
import {
  ask,
  at,
  claim,
  complete,
  create,
  eventsOf,
  fail,
  given,
  having,
  noon,
  packetAfter,
  packetId,
  respond,
  tenant,
  update,
  verdictOf,
} from './given.features.js';
import type { Ask } from './given.features.js';
import { after, epochOf } from './ids.js';
import { normalizeApproval } from './normalize-approval.js';
import { initialState } from './state.js';
import type { ExistingPacket, Packet } from './state.js';
import { timersAfter } from './timers.js';

const lease = (by = 'bo', seconds = 60): Ask => claim(by, { lease_seconds: seconds });
const holding = (by: string, asked: Ask): Ask => having({ claim_id: `claim-${by}` }, asked);
const question = ask('request_approval', {
  policy: normalizeApproval({ reason: 'Sure?' }),
  approval_id: 'approval-1',
});
const lost = ask('lose_claim', { lost_claim_id: 'claim-bo', jitter: 0 });
const timer = (seconds: number, claimId = 'claim-bo') => ({
  kind: 'lease',
  key: [tenant, packetId, claimId],
  at: after(noon, seconds),
});
const expiry = (seconds: number) => ({
  kind: 'expiry',
  key: [tenant, packetId, String(epochOf(after(noon, seconds)))],
  at: after(noon, seconds),
});
const leaseOf = (claimId = 'claim-bo') => ({ kind: 'lease', key: [tenant, packetId, claimId] });

/** What the last of these commands changes about the timers. */
const changes = (...asked: Ask[]) => {
  const before = asked.length === 1 ? initialState : packetAfter(...asked.slice(0, -1));
  return timersAfter(before, packetAfter(...asked));
};

describe('the timers of a packet', () => {
  it.each<[string, Ask[], unknown[], unknown[]]>([
    ['a create without a time to live has none', [create()], [], []],
    ['a create with one has its expiry', [create({ ttl_seconds: 90 })], [expiry(90)], []],
    ['a claim without a lease has none', [create(), claim()], [], []],
    ['a claim with a lease has its end', [create(), lease()], [timer(60)], []],
    ['a start leaves them', [create(), lease(), at(30, holding('bo', ask('start', {})))], [], []],
    [
      'progress leaves them',
      [create({ ttl_seconds: 90 }), lease(), at(30, holding('bo', ask('progress', { percent: 5 })))],
      [],
      [],
    ],
    ['a release ends the lease', [create(), lease(), holding('bo', ask('release', {}))], [], [leaseOf()]],
    [
      'completing ends both',
      [create({ ttl_seconds: 90 }), lease(), holding('bo', complete())],
      [],
      [leaseOf(), expiry(90)],
    ],
    [
      'failing leaves the expiry, for a retry leads back',
      [create({ ttl_seconds: 90 }), lease(), holding('bo', fail())],
      [],
      [leaseOf()],
    ],
    [
      'a retry sets the expiry again, which may have fired in between',
      [create({ ttl_seconds: 90 }), lease(), holding('bo', fail()), ask('retry', {})],
      [expiry(90)],
      [],
    ],
    [
      'a retry of an expired packet has a new one',
      [create({ ttl_seconds: 90 }), at(90, ask('expire', { reason: 'Over' })), at(100, ask('retry', {}))],
      [expiry(190)],
      [],
    ],
    [
      'waiting for a person leaves the lease, for the same claim goes on',
      [create(), lease(), holding('bo', question)],
      [],
      [],
    ],
    [
      'the answer begins it anew',
      [create(), lease(), holding('bo', question), at(500, respond('approve'))],
      [timer(560)],
      [],
    ],
    [
      'a cancel ends both',
      [create({ ttl_seconds: 90 }), lease(), ask('cancel', {})],
      [],
      [leaseOf(), expiry(90)],
    ],
    [
      'the next claim has its own',
      [create({ claim_policy: 'open' }), lease(), at(60, lost), at(70, lease('cy', 30))],
      [timer(100, 'claim-cy')],
      [],
    ],
  ])('%s', (...[, asked, set, cancel]) => {
    expect(changes(...asked)).toEqual({ set, cancel });
  });

  it('of a child of a chain are its own', () => {
    const born = eventsOf(verdictOf(initialState, create({ ttl_seconds: 90 })));
    expect(timersAfter(initialState, fold(born) as ExistingPacket).set).toEqual([expiry(90)]);
  });
});

const steps: Ask[] = [
  lease(),
  claim(),
  lease('cy', 30),
  holding('bo', ask('start', {})),
  holding('bo', ask('progress', { percent: 50 })),
  holding('bo', update({ context: { summary: 'Other' } })),
  holding('bo', complete()),
  holding('bo', fail({ retryable: true })),
  holding('cy', fail()),
  holding('bo', ask('release', {})),
  holding('bo', question),
  respond('approve'),
  respond('deny'),
  lost,
  ask('cancel', {}),
  ask('expire', { reason: 'Over' }),
  ask('retry', {}),
];

describe('at any moment', () => {
  const openPacket = { claim_policy: 'open' as const };
  const begin = fc.constantFrom(create(openPacket), create({ ...openPacket, ttl_seconds: 200 }));
  const history = fc.array(fc.tuple(fc.constantFrom(...steps), fc.integer({ min: 0, max: 80 })), {
    maxLength: 14,
  });

  it('a lease and an expiry have their timer, if those are set before the events and fire only at their time', () => {
    fc.assert(
      fc.property(begin, history, (first, rest) => {
        const pending = new Map<string, string>();
        let packet: Packet = initialState;
        let seconds = 0;
        for (const [asked, wait] of [[first, 0] as const, ...rest]) {
          seconds += wait;
          for (const [key, due] of pending) if (due <= after(noon, seconds)) pending.delete(key);
          const verdict = verdictOf(packet, at(seconds, asked));
          if (verdict.kind !== 'accepted' || verdict.events.length === 0) continue;
          const next = fold(verdict.events, packet) as ExistingPacket;
          const { set, cancel } = timersAfter(packet, next);
          for (const one of set) pending.set(`${one.kind} ${one.key.join()}`, one.at);
          for (const one of cancel) pending.delete(`${one.kind} ${one.key.join()}`);
          packet = next;
          expectTimers(packet, pending, after(noon, seconds));
        }
      }),
      { numRuns: 500 },
    );
  });

  const expectTimers = (packet: ExistingPacket, pending: Map<string, string>, now: string): void => {
    const key = `${tenant},${packetId}`;
    const isHeld = packet.status === 'claimed' || packet.status === 'in_progress';
    if (isHeld && packet.claim.lease_expires_at !== undefined && packet.claim.lease_expires_at > now)
      expect(pending.get(`lease ${key},${packet.claim.claim_id}`)).toBe(packet.claim.lease_expires_at);
    const { expires_at } = packet.terms;
    const isLive = ['created', 'claimed', 'in_progress', 'awaiting_human'].includes(packet.status);
    if (isLive && expires_at !== undefined && expires_at > now)
      expect(pending.get(`expiry ${key},${epochOf(expires_at)}`)).toBe(expires_at);
    if (packet.status === 'completed' || packet.status === 'cancelled') expect([...pending]).toEqual([]);
  };
});

describe('the end of a lease that heartbeats moved', () => {
  const renewed = (seconds: number) =>
    ask('lose_claim', { lost_claim_id: 'claim-bo', jitter: 0, ended_at: after(noon, seconds) });

  it('counts where it is earlier than the recorded one', () => {
    given(create(), lease('bo', 3_600))
      .when(at(20, renewed(20)))
      .then('packet.claim_expired', { status: 'created' });
    given(create(), lease('bo', 3_600))
      .when(at(20, renewed(21)))
      .thenQuiet();
  });

  it('is nothing to a claim without a lease', () => {
    given(create(), claim())
      .when(at(20, renewed(20)))
      .thenQuiet();
  });
});

describe('a directive', () => {
  it.each<[string, 'continue' | 'stop', RegExp | undefined, Ask[]]>([
    ['a claimed packet', 'continue', undefined, [lease()]],
    ['one that is started', 'continue', undefined, [lease(), holding('bo', ask('start', {}))]],
    ['one that waits for a person', 'continue', /waits for a person/, [lease(), holding('bo', question)]],
    ['a cancelled one', 'stop', /cancelled: Not needed/, [lease(), ask('cancel', { reason: 'Not needed' })]],
    ['one that is offered again', 'stop', /offered again/, [lease(), at(60, lost)]],
    ['one that another holds', 'stop', /by "cy"/, [lease(), at(60, lost), at(61, lease('cy'))]],
    ['one that is completed', 'stop', /completed/, [lease(), holding('bo', complete())]],
    ['one that failed', 'stop', /failed/, [lease(), holding('bo', fail())]],
  ])('for %s is to %s', (...[, directive, reason, asked]) => {
    const packet = packetAfter(create({ claim_policy: 'open' }), ...asked);
    const told = directiveFor(packet, 'claim-bo', after(noon, 61));
    expect(told.directive).toBe(directive);
    if (reason === undefined) expect(told).not.toHaveProperty('reason');
    else expect(told.reason).toMatch(reason);
  });

  it('is to stop when the time of the packet is over, whether or not that is recorded', () => {
    const packet = packetAfter(create({ ttl_seconds: 90 }), lease());
    expect(directiveFor(packet, 'claim-bo', after(noon, 89)).directive).toBe('continue');
    expect(directiveFor(packet, 'claim-bo', after(noon, 90)).directive).toBe('stop');
  });

  it('is to stop for a claim that never was', () => {
    expect(directiveFor(packetAfter(create()), 'claim-x', noon).directive).toBe('stop');
  });
});
