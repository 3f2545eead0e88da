import { describe, expect, it } from 'vitest';
import type { ApprovalInput } from './input.js';
import { contentDigest } from './digest.js';
import { after } from './ids.js';
import {
  admin,
  agent,
  approver,
  as,
  ask,
  at,
  backend,
  bound,
  claim,
  create,
  fail,
  given,
  having,
  noon,
  packetAfter,
  respond,
  update,
} from './given.features.js';
import { normalizeApproval } from './normalize-approval.js';
import { toDocument } from './to-document.js';

const hitl = (more: Partial<ApprovalInput> = {}) => create({ hitl: { reason: 'Sure?', ...more } });
const question = (more: Partial<ApprovalInput> = {}) =>
  ask('request_approval', {
    policy: normalizeApproval({ reason: 'Sure?', ...more }),
    approval_id: 'approval-2',
  });
const yes = as(approver, respond('Approve'));
const no = as(approver, respond('Deny', { notes: 'Too dear' }));
const by = (name: string, response: string) =>
  as(bound(name, 'approver'), respond(response, { responded_by: name }));

describe('a checkpoint', () => {
  it('opens at create, bound to the content', () => {
    const packet = given().when(hitl()).then('packet.created', { status: 'awaiting_human' });
    expect(packet.approval).toMatchObject({
      id: 'approval-1',
      state: 'open',
      requested_by: 'ana',
      votes: [],
    });
    expect(packet.approval?.content_digest).toBe(contentDigest(packet.content));
    expect(packet.approval).not.toHaveProperty('expires_at');
  });

  it('is only described when it is not required', () => {
    const packet = given()
      .when(hitl({ required: false }))
      .then('packet.created', { status: 'created' });
    expect(toDocument(packet, '0-1').hitl).toMatchObject({ required: false, reason: 'Sure?' });
  });

  it('opens in the middle of work, as often as it is asked for', () => {
    const held = given(create(), claim(), ask('start', {}));
    held
      .when(question())
      .then('packet.approval_requested', { status: 'awaiting_human', approval: { id: 'approval-2' } });
    given(create(), claim(), question(), yes).when(question()).then('packet.approval_requested');
  });

  it('lets nobody past', () => {
    const waiting = given(
      create(),
      claim('bo', { lease_seconds: 60 }),
      having({ claim_id: 'claim-bo' }, question()),
    );
    const tries = [
      claim('bo'),
      ask('start', {}),
      ask('complete', { result: 1 }),
      ask('progress', { percent: 1 }),
      fail(),
    ];
    for (const tried of tries) waiting.when(tried).thenRefused('awaiting_human');
    waiting.when(at(900, ask('lose_claim', { lost_claim_id: 'claim-bo', jitter: 0 }))).thenQuiet();
    waiting.when(question()).thenRefused('awaiting_human');
  });

  it('shows all of it to readers', () => {
    const document = toDocument(packetAfter(hitl({ timeout_seconds: 60 }), no), '0-1');
    expect(document).toMatchObject({
      status: 'failed',
      failure: { code: 'approval_denied', reason: 'Deny' },
      hitl: {
        reason: 'Sure?',
        state: 'denied',
        response: 'Deny',
        responded_by: 'Pat',
        responded_at: noon,
        notes: 'Too dear',
        edits: null,
        escalation_step: 0,
        expires_at: after(noon, 60),
        votes: [{ approver: 'key:key-approver', key_id: 'key-approver', decision: 'deny', at: noon }],
      },
    });
    expect(document.hitl).not.toHaveProperty('requested_key');
  });
});

describe('an approval', () => {
  it('claims an unclaimed packet on its target’s behalf, whose own claim is then quiet', () => {
    given(hitl())
      .when(yes)
      .then('packet.approval_responded', {
        status: 'claimed',
        claim: { agent: agent('bo'), claim_id: 'claim-pat', attempt: 1 },
        approval: { state: 'approved' },
      });
    given(hitl(), yes).when(claim('bo')).thenQuiet();
  });

  it('offers a packet that is routed', () => {
    given(create({ routing: {}, hitl: { reason: 'Sure?' } }))
      .when(yes)
      .then('packet.approval_responded', { status: 'created' });
  });

  it('gives the packet back to who held it, with the lease anew', () => {
    const token = { claim_id: 'claim-bo' };
    const asked = [
      create(),
      claim('bo', { lease_seconds: 60 }),
      having(token, ask('start', {})),
      having(token, question()),
    ];
    given(...asked)
      .when(at(5000, yes))
      .then('packet.approval_responded', {
        status: 'in_progress',
        claim: { claim_id: 'claim-bo', attempt: 1, lease_expires_at: after(noon, 5060) },
      });
  });

  it('comes by an option, by a word, or by the caller’s own decision; any other answer is one too', () => {
    const choice = { options: ['Approve', 'later', { label: 'Stop', decision: 'deny' as const }] };
    given(hitl(choice))
      .when(as(approver, respond(' approve ')))
      .thenData({ outcome: 'approved' });
    given(hitl(choice))
      .when(as(approver, respond('Later')))
      .thenData({ outcome: 'answered' });
    given(hitl(choice))
      .when(as(approver, respond('STOP')))
      .thenData({ outcome: 'denied' });
    given(hitl())
      .when(as(approver, respond('yes')))
      .thenData({ outcome: 'approved' });
    given(hitl())
      .when(as(approver, respond('rejected')))
      .thenData({ outcome: 'denied' });
    given(hitl())
      .when(as(approver, respond('By Friday')))
      .thenData({ outcome: 'answered' });
    given(hitl())
      .when(as(approver, respond('By Friday', { decision: 'deny' })))
      .thenData({ outcome: 'denied' });
    given(hitl(choice))
      .when(as(approver, respond('Stop', { decision: 'approve' })))
      .thenRefused('validation_failed', { field: 'decision' });
  });

  it('keeps to its options where they are strict', () => {
    const strict = hitl({ options: ['A', 'B'], strict_options: true });
    given(strict)
      .when(as(approver, respond('C')))
      .thenRefused('validation_failed', { field: 'response' });
    given(strict)
      .when(as(approver, respond('a')))
      .then('packet.approval_responded');
  });
});

describe('approvers', () => {
  const named = hitl({
    approvers: [
      { id: 'pat', kind: 'user' },
      { id: 'finance', kind: 'group' },
    ],
  });

  it('are those that are named, by themselves or by a group', () => {
    given(named).when(by('pat', 'Yes')).then('packet.approval_responded');
    given(named).when(by('quinn', 'Yes')).thenRefused('forbidden');
    given(named)
      .when(as(bound('quinn', 'approver'), respond('Yes', { groups: ['finance'] })))
      .thenData({ vote: { approver: 'quinn' } });
  });

  it('are people, unless the checkpoint allows agents', () => {
    given(hitl())
      .when(as(bound('cy', 'agent'), respond('Yes')))
      .thenRefused('forbidden');
    given(hitl())
      .when(as(bound('cy', 'writer'), respond('Yes')))
      .thenRefused('forbidden');
    given(hitl({ allow_agents: true }))
      .when(as(bound('cy', 'agent'), respond('Yes')))
      .thenData({ vote: { approver: 'cy' } });
  });

  it('are never who asked', () => {
    const any = { allow_agents: true };
    given(hitl(any))
      .when(as(bound('ana'), respond('Yes')))
      .thenRefused('forbidden');
    given(hitl())
      .when(as(bound('ana', 'approver'), respond('Yes')))
      .thenRefused('forbidden');
    given(hitl())
      .when(as(admin, respond('Yes', { responded_by: 'ana' })))
      .thenRefused('forbidden');
    given(create(), claim(), as(bound('bo'), question(any)))
      .when(as(bound('bo'), respond('Yes')))
      .thenRefused('forbidden');
    const keyOfAgents = { ...backend, role: 'agent' as const };
    given(create(), as(keyOfAgents, claim()), as(keyOfAgents, question(any)))
      .when(as(keyOfAgents, respond('Yes')))
      .thenRefused('forbidden');
    given(create(), as(backend, question()))
      .when(as(backend, respond('Yes')))
      .thenRefused('forbidden');
    given(hitl())
      .when(as(backend, respond('Yes')))
      .then('packet.approval_responded');
  });

  it('are whom their key is bound to, whatever name they give', () => {
    given(named)
      .when(as(bound('quinn', 'approver'), respond('Yes', { responded_by: 'pat' })))
      .thenRefused('forbidden');
    given(hitl())
      .when(as(bound('quinn', 'approver'), respond('Yes', { responded_by: 'pat' })))
      .thenData({ vote: { approver: 'quinn', key_id: 'key-quinn', responded_by: 'pat' } });
  });

  it('may be brought by a backend, each with a vote, if they are named', () => {
    const brought = (responded_by?: string, by = backend) =>
      as(by, { ...respond('Yes'), data: { response: 'Yes', next_claim_id: 'claim-pat', responded_by } });
    const two = { approvers: ['pat', 'quinn'].map((id) => ({ id, kind: 'user' as const })) };
    const both = hitl({ ...two, quorum: { approve: 'all' } });
    given(both)
      .when(brought('pat'))
      .thenData({ vote: { approver: 'pat', key_id: 'key-backend' } });
    given(both, brought('pat')).when(brought('pat')).thenQuiet();
    given(both, brought('pat')).when(brought('quinn', admin)).thenData({ outcome: 'approved' });
    given(both).when(brought('rob')).thenRefused('forbidden');
    given(both).when(brought()).thenRefused('forbidden');
    given(hitl())
      .when(brought())
      .thenData({ vote: { approver: 'key:key-backend', responded_by: 'key:key-backend' } });
    given(both).when(brought('pat', approver)).thenRefused('forbidden');
  });

  it('are one, where a key is bound to nobody and nobody is named, whatever names it gives', () => {
    const two = hitl({ quorum: { approve: 2 } });
    const names = ['pat', 'quinn', 'rob'].map((responded_by) =>
      as(backend, respond('Yes', { responded_by })),
    );
    for (const answer of names.slice(1))
      given(two, names[0]!)
        .when(answer)
        .then('packet.approval_responded', {
          status: 'awaiting_human',
          approval: { votes: [{ approver: 'key:key-backend' }] },
        });
  });

  it('may be named by their key', () => {
    for (const id of ['key-approver', 'key:key-approver'])
      given(hitl({ approvers: [{ id, kind: 'user' }] }))
        .when(yes)
        .thenData({ vote: { approver: 'key:key-approver' } });
    given(hitl({ approvers: [{ id: 'key-pat', kind: 'user' }] }))
      .when(by('pat', 'Yes'))
      .thenRefused('forbidden');
  });

  it('have one vote each, the last of which counts', () => {
    const two = hitl({ quorum: { approve: 2, deny: 2 } });
    given(two).when(by('pat', 'Yes')).then('packet.approval_responded', { status: 'awaiting_human' });
    given(two, by('pat', 'Yes')).when(by('pat', 'Yes')).thenQuiet();
    given(two, by('pat', 'Yes'), by('pat', 'No'))
      .when(by('quinn', 'Yes'))
      .then('packet.approval_responded', { status: 'awaiting_human' });
    given(two, by('pat', 'Yes')).when(by('quinn', 'Yes')).thenData({ outcome: 'approved' });
    given(two, by('pat', 'No')).when(by('quinn', 'No')).thenData({ outcome: 'denied' });
  });

  it('can all be needed', () => {
    const all = hitl({
      approvers: [
        { id: 'pat', kind: 'user' },
        { id: 'quinn', kind: 'user' },
      ],
      quorum: { approve: 'all' },
    });
    given(all).when(by('pat', 'Yes')).then('packet.approval_responded', { status: 'awaiting_human' });
    given(all, by('pat', 'Yes')).when(by('quinn', 'Fine by me')).thenData({ outcome: 'answered' });
    given(all).when(by('pat', 'No')).thenData({ outcome: 'denied' });
  });
});

describe('edits', () => {
  const edits = { context: { summary: 'Half of it' } };
  const edited = as(approver, respond('Yes', { edits }));

  it('come with the approval where the checkpoint allows them', () => {
    const packet = given(hitl({ allow_edits: true }))
      .when(edited)
      .then('packet.approval_responded');
    expect(packet.content.context.summary).toBe('Half of it');
    expect(packet.approval?.edits).toEqual(edits);
    given(hitl()).when(edited).thenRefused('validation_failed', { field: 'edits' });
  });

  it('do not come with a denial, nor where others have to agree too', () => {
    given(hitl({ allow_edits: true }))
      .when(as(approver, respond('No', { edits })))
      .thenRefused('validation_failed');
    given(hitl({ allow_edits: true, quorum: { approve: 2 } }))
      .when(edited)
      .thenRefused('validation_failed');
  });
});

describe('a change of what people decide on', () => {
  it('voids the open approval and asks anew', () => {
    const timed = hitl({ timeout_seconds: 60, quorum: { approve: 2 } });
    const packet = given(timed, by('pat', 'Yes'))
      .when(at(50, update({ decisions: [{ id: 'd1', decision: 'Go', rationale: 'Why not' }] })))
      .then(['packet.updated', 'packet.approval_voided'], { status: 'awaiting_human' });
    expect(packet.approval).toMatchObject({
      id: 'approval-2',
      state: 'open',
      votes: [],
      expires_at: after(noon, 110),
    });
    expect(packet.approval?.content_digest).toBe(contentDigest(packet.content));
    const old = as(approver, respond('Yes', { approval_id: 'approval-1' }));
    given(hitl(), update({ context: { summary: 'New' } }))
      .when(old)
      .thenRefused('approval_closed');
  });

  it('is none where only tags, priority or deadline change', () => {
    given(hitl())
      .when(update({ metadata: { tags: ['x'] } }))
      .then('packet.updated', { approval: { id: 'approval-1' } });
  });
});

describe('the end of a checkpoint', () => {
  it('closes it', () => {
    given(hitl(), yes).when(yes).thenRefused('approval_closed');
    given(create()).when(yes).thenRefused('invalid_transition');
    expect(packetAfter(hitl(), ask('cancel', {})).approval).toMatchObject({
      state: 'voided',
      ended_at: noon,
    });
  });

  it('is not got round by a retry', () => {
    const asks = ['packet.retried', 'packet.approval_requested'] as const;
    const packet = given(hitl(), no)
      .when(ask('retry', {}))
      .then([...asks], { status: 'awaiting_human', approval: { state: 'open', votes: [] } });
    expect(packet.approval?.id).not.toBe('approval-1');
    given(create({ ttl_seconds: 9, hitl: { reason: 'Sure?' } }), at(9, ask('expire', { reason: 'ttl' })))
      .when(ask('retry', {}))
      .then([...asks]);
    given(hitl(), yes, fail()).when(ask('retry', {})).then('packet.retried', { status: 'created' });
    given(create(), claim(), question(), no)
      .when(ask('retry', {}))
      .then([...asks]);
  });
});
