import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Principal } from './commands.js';
import type { ApprovalDecision } from './document.js';
import { contentDigest } from './digest.js';
import { fold } from './evolve.js';
import {
  admin,
  approver,
  as,
  at,
  backend,
  bound,
  create,
  packetAfter,
  respond,
  update,
  verdictOf,
} from './given.features.js';
import type { Ask } from './given.features.js';
import type { ApprovalInput, PatchInput } from './input.js';
import { normalizePatch } from './normalize.js';
import type { ExistingPacket } from './state.js';

const runs = { numRuns: 300 };
const word = fc.constantFrom('One', 'Two', 'Three');
const people = ['pat', 'quinn', 'rob', 'sue'];
const users = (ids: string[]) => ids.map((id) => ({ id, kind: 'user' as const }));

/** The packet after the command, and what was recorded or refused. */
const asked = (packet: ExistingPacket, command: Ask) => {
  const verdict = verdictOf(packet, command);
  const events = verdict.kind === 'accepted' ? verdict.events : [];
  const code = verdict.kind === 'refused' ? verdict.rejection.code : undefined;
  return { events, code, packet: fold(events, packet) as ExistingPacket };
};

describe('a patch of a packet that waits for people', () => {
  const content = fc.record<PatchInput>(
    {
      context: fc.record({ summary: word, custom: fc.dictionary(word, word) }, { requiredKeys: [] }),
      decisions: fc.array(fc.record({ id: word, decision: word, rationale: word }), { maxLength: 2 }),
      actions: fc.record({
        pending: fc.uniqueArray(fc.record({ id: word, description: word, assignee: word }), {
          selector: ({ id }) => id,
        }),
      }),
      dependencies: fc.array(
        fc.record({ id: word, type: fc.constantFrom('data', 'api'), description: word }),
        { maxLength: 2 },
      ),
    },
    { requiredKeys: [] },
  );
  const label = fc.record<PatchInput>({
    metadata: fc.record(
      {
        tags: fc.array(word),
        priority: fc.constantFrom('low', 'critical'),
        deadline: fc.constantFrom('2026-05-01T00:00:00.000Z', null),
      },
      { requiredKeys: [] },
    ),
  });
  const vote = as(bound('pat', 'approver'), respond('Yes'));
  const hitl = { reason: 'Sure?', quorum: { approve: 2 }, timeout_seconds: 600 };
  const begun = fc.constantFrom(
    packetAfter(create({ hitl })),
    packetAfter(create({ hitl, decisions: [{ id: 'One', decision: 'Two', rationale: 'One' }] }), vote),
  );

  it('voids the approval exactly if it changes what people decide on, and asks anew with the same policy', () => {
    const patches = fc.tuple(content, label).map(([one, two]) => ({ ...one, ...two }));
    fc.assert(
      fc.property(begun, fc.array(patches, { minLength: 1, maxLength: 4 }), (first, all) => {
        let before = first;
        for (const [n, patch] of all.entries()) {
          const command = update(normalizePatch(patch));
          const { packet, events } = asked(
            before,
            at(n, { ...command, data: { ...command.data, approval_id: `a-${n}` } }),
          );
          const changed = contentDigest(before.content) !== contentDigest(packet.content);
          expect(events.some(({ type }) => type === 'packet.approval_voided')).toBe(changed);
          expect(packet.status).toBe('awaiting_human');
          const [old, next] = [before.approval!, packet.approval!];
          expect(next.content_digest).toBe(contentDigest(packet.content));
          expect(next.policy).toEqual(old.policy);
          expect(next.requested_by).toBe(old.requested_by);
          if (changed)
            expect(next).toMatchObject({ id: `a-${n}`, state: 'open', votes: [], escalation_step: 0 });
          else expect(next).toEqual(old);
          before = packet;
        }
      }),
      runs,
    );
  });

  it('leaves it alone where it changes tags, priority or deadline', () => {
    fc.assert(
      fc.property(begun, label, (before, patch) => {
        expect(asked(before, update(normalizePatch(patch))).packet.approval).toEqual(before.approval);
      }),
      runs,
    );
  });
});

describe('votes', () => {
  const decisions = { Yes: 'approve', No: 'deny', 'By Friday': 'custom' } as const;
  const need = fc.oneof(fc.integer({ min: 1, max: 4 }), fc.constant('all' as const));
  const policy = fc.record({ approve: need, deny: need, named: fc.boolean() });
  const ballot = fc.record({
    who: fc.constantFrom(...people),
    says: fc.constantFrom<keyof typeof decisions>('Yes', 'No', 'By Friday'),
    brought: fc.boolean(),
  });

  /** The same rules in a few plain words: everybody's last word, counted. */
  const counted = (
    words: Map<string, ApprovalDecision>,
    { approve, deny }: { approve: number; deny: number },
  ) => {
    const all = [...words.values()];
    const denials = all.filter((decision) => decision === 'deny').length;
    if (denials >= deny) return 'denied';
    if (all.length - denials < approve) return 'open';
    return all.includes('custom') ? 'answered' : 'approved';
  };

  const statusOf = { approved: 'claimed', answered: 'claimed', denied: 'failed', open: 'awaiting_human' };
  interface Terms {
    approve: number | 'all';
    deny: number | 'all';
    named: boolean;
  }
  const asking = ({ approve, deny, named }: Terms) => {
    const hitl: ApprovalInput = {
      reason: 'Sure?',
      quorum: { approve, deny },
      approvers: named ? users(people) : [],
    };
    const [size, count] = [named ? people.length : 1, (n: number | 'all') => (n === 'all' ? size : n)];
    return { packet: packetAfter(create({ hitl })), needed: { approve: count(approve), deny: count(deny) } };
  };

  it('are one for each person, the last counts, and the first time that they suffice ends it, for good', () => {
    fc.assert(
      fc.property(policy, fc.array(ballot, { maxLength: 12 }), (terms, ballots) => {
        let { packet } = asking(terms);
        const { needed } = asking(terms);
        const words = new Map<string, ApprovalDecision>();
        for (const { who, says, brought } of ballots) {
          const by = brought && terms.named ? backend : bound(who, 'approver');
          const next = asked(packet, as(by, respond(says, { responded_by: who })));
          if (counted(words, needed) !== 'open') {
            expect(next).toMatchObject({ events: [], code: 'approval_closed' });
            continue;
          }
          packet = next.packet;
          words.set(who, decisions[says]);
          const state = counted(words, needed);
          expect(packet).toMatchObject({ status: statusOf[state], approval: { state } });
          expect(new Map(packet.approval?.votes.map((vote) => [vote.approver, vote.decision]))).toEqual(
            words,
          );
          expect(packet.approval?.votes).toHaveLength(words.size);
        }
      }),
      runs,
    );
  });

  const names = [...people, 'ana', 'bo', 'key:key-backend', 'key:key-approver', 'key:key-admin'];
  const key = fc.oneof(
    fc.constantFrom(approver, backend, admin, { ...backend, role: 'agent' as const }),
    fc
      .tuple(fc.constantFrom(...people, 'ana', 'bo'), fc.constantFrom('agent', 'writer', 'admin', 'approver'))
      .map(([id, role]) => bound(id, role as 'agent')),
  );
  const attempt = fc.record({ key, responded_by: fc.option(fc.constantFrom(...names), { nil: undefined }) });

  const approvers = users(['pat', 'quinn', 'ana', 'key-approver']);
  /** Whose vote a key can give. */
  const voicesOf = ({ key_id, agent_id, role }: Principal, named: boolean): string[] => {
    const own = agent_id ?? `key:${key_id}`;
    const isTrusted = agent_id === undefined && ['writer', 'admin'].includes(role);
    return isTrusted && named ? approvers.map(({ id }) => id) : [own];
  };
  const isAgent = ({ role, agent_id }: Principal): boolean =>
    role === 'agent' || (agent_id !== undefined && role !== 'approver');

  it('are those of the authenticated, never of the requester, and of agents only where they are allowed', () => {
    const terms = fc.record({ allow_agents: fc.boolean(), named: fc.boolean() });
    fc.assert(
      fc.property(terms, fc.array(attempt, { maxLength: 12 }), ({ allow_agents, named }, attempts) => {
        const policyOf = { reason: 'Sure?', allow_agents, quorum: { approve: 99 } };
        let packet = packetAfter(create({ hitl: { ...policyOf, approvers: named ? approvers : [] } }));
        for (const { key: by, responded_by } of attempts) {
          const { data, ...answer } = respond('Yes');
          const next = asked(packet, as(by, { ...answer, data: { ...data, responded_by } }));
          packet = next.packet;
          const [event] = next.events;
          if (event?.type !== 'packet.approval_responded') continue;
          const { vote } = event.data;
          expect(vote).toMatchObject({ key_id: by.key_id, responded_by: responded_by ?? vote.approver });
          expect(event.actor.key_id).toBe(by.key_id);
          expect([vote.approver, responded_by]).not.toContain('ana');
          expect(isAgent(by) && !allow_agents).toBe(false);
          expect(voicesOf(by, named)).toContain(vote.approver);
          if (named) expect(['pat', 'quinn', 'key:key-approver', 'key-approver']).toContain(vote.approver);
        }
        const voters = packet.approval?.votes.map((one) => one.approver) ?? [];
        expect(new Set(voters).size).toBe(voters.length);
      }),
      runs,
    );
  });
});
