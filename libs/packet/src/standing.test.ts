import { describe, expect, it } from 'vitest';
import type { Principal } from './commands.js';
import {
  admin,
  agent,
  approver,
  as,
  ask,
  backend,
  bound,
  claim,
  commandFor,
  complete,
  create,
  eventsOf,
  given,
  having,
  packetAfter,
  packetId,
  reader,
  respond,
  system,
  tenant,
  verdictOf,
} from './given.features.js';
import { decide } from './decide.js';
import type { CommandId, TenantId } from './ids.js';
import { initialState } from './state.js';

const held = given(create(), claim());
const waiting = given(create({ hitl: { reason: 'Sure?' } }));
const start = ask('start', {});
const frameOf = (principal: Principal, asked = start) =>
  eventsOf(verdictOf(packetAfter(create(), claim()), as(principal, asked)))[0];

describe('roles', () => {
  it('give readers nothing to do, and approvers one thing', () => {
    for (const asked of [create(), claim(), start, complete(), ask('cancel', {}), respond('Yes')]) {
      waiting.when(as(reader, asked)).thenRefused('forbidden');
    }
    waiting.when(as(approver, respond('Yes'))).then('packet.approval_responded');
    held.when(as(approver, start)).thenRefused('forbidden');
  });

  it('let agents work, and writers hand off', () => {
    const worker = bound('bo', 'agent');
    given(create()).when(as(worker, claim())).then('packet.claimed');
    held.when(as(worker, complete())).then('packet.completed');
    given().when(as(worker, create())).thenRefused('forbidden');
    held.when(as(bound('ana', 'agent'), ask('cancel', {}))).thenRefused('forbidden');
    held.when(as(bound('ana'), ask('cancel', {}))).then('packet.cancelled');
  });

  it('leave the timers to the rail', () => {
    const timer = ask('lose_claim', { lost_claim_id: 'claim-bo', jitter: 0 });
    held.when(as(admin, timer)).thenRefused('forbidden');
    held.when(as(system, timer)).thenQuiet();
  });

  it('are looked at before the packet: who may not ask does not learn whether there is one', () => {
    given().when(as(reader, complete())).thenRefused('forbidden');
    given().when(complete()).thenRefused('not_found');
  });
});

describe('a bound key', () => {
  it('is its agent and no other', () => {
    given(create())
      .when(as(bound('cy'), claim('bo')))
      .thenRefused('forbidden');
    held.when(as(bound('cy'), ask('start', { agent_id: 'bo' }))).thenRefused('forbidden');
    given()
      .when(as(bound('cy'), create()))
      .thenRefused('forbidden', { field: 'metadata.source_agent.id' });
    given()
      .when(as(bound('ana'), create()))
      .then('packet.created');
  });

  it('acts for what it holds only', () => {
    held.when(as(bound('bo'), start)).then('packet.started');
    held.when(as(bound('cy'), start)).thenRefused('not_the_claimant');
    held.when(as(bound('ana'), start)).thenRefused('not_the_claimant');
    held.when(as(bound('cy'), ask('cancel', {}))).thenRefused('not_the_source');
  });
});

describe('an unbound key', () => {
  it('acts for any agent, but keeps to the one it names', () => {
    held.when(start).then('packet.started');
    held.when(ask('start', { agent_id: 'bo' })).then('packet.started');
    held.when(ask('start', { agent_id: 'cy' })).thenRefused('not_the_claimant');
    held.when(as(admin, ask('start', { agent_id: 'cy' }))).thenRefused('not_the_claimant');
    held.when(ask('cancel', { agent_id: 'bo' })).thenRefused('not_the_source');
  });
});

describe('an admin', () => {
  it('may act for all, and the event says so', () => {
    expect(frameOf(admin)?.declared).toEqual({ as_admin: true });
    expect(frameOf(bound('root', 'admin'))?.declared).toEqual({ as_admin: true });
    expect(frameOf(admin, ask('start', { agent_id: 'bo' }))?.declared).toEqual({ agent_id: 'bo' });
    expect(frameOf(admin, ask('cancel', { agent_id: 'cy' }))?.declared).toEqual({
      agent_id: 'cy',
      as_admin: true,
    });
    expect(frameOf(backend)).not.toHaveProperty('declared');
    expect(frameOf(system)).not.toHaveProperty('declared');
  });

  it('is the authenticated actor, whoever is declared', () => {
    expect(frameOf(bound('bo'))?.actor).toEqual({ type: 'agent', id: 'bo', key_id: 'key-bo' });
    expect(frameOf(admin, ask('start', { agent_id: 'bo' }))?.actor).toEqual({
      type: 'human',
      id: 'key-admin',
      key_id: 'key-admin',
    });
  });
});

describe('tenants', () => {
  const packet = packetAfter(create());
  const other = 'rival' as TenantId;

  it('do not see each other’s packets', () => {
    const theirs = having({ tenant_id: other, principal: { ...admin, tenant_id: other } }, complete());
    expect(verdictOf(packet, theirs)).toMatchObject({ rejection: { code: 'not_found' } });
    const posing = as({ ...admin, tenant_id: other }, complete());
    expect(verdictOf(packet, posing)).toMatchObject({ rejection: { code: 'not_found' } });
    expect(verdictOf(initialState, as({ ...admin, tenant_id: other }, create()))).toMatchObject({
      rejection: { code: 'not_found' },
    });
  });
});

describe('a repeated command', () => {
  const once = { command_id: 'once' as CommandId, request_digest: 'a'.repeat(64) };

  it('is answered with the packet as it was, when it carried an idempotency key', () => {
    const later = given(create(), having(once, claim()), start, complete());
    later.when(having(once, claim())).thenReplayed(2);
    later
      .when(having({ ...once, request_digest: 'b'.repeat(64) }, claim()))
      .thenRefused('idempotency_mismatch');
  });

  it('answers a create again too, and no other create', () => {
    given(having(once, create())).when(having(once, create())).thenReplayed(1);
    given(having(once, create())).when(create()).thenRefused('already_exists');
  });

  it('is quiet when it wrote the last event', () => {
    const sent = { command_id: 'sent' as CommandId };
    given(create(), claim(), having(sent, ask('release', {})))
      .when(having(sent, ask('release', {})))
      .thenQuiet();
  });
});

describe('If-Match', () => {
  it('refuses what was decided on another revision', () => {
    held.when(having({ expected_revision: 1 }, start)).thenRefused('revision_mismatch', { revision: 2 });
    held.when(having({ expected_revision: 2 }, start)).then('packet.started');
    held.when(having({ expected_revision: 9 }, start)).thenRefused('revision_mismatch');
  });
});

describe('the frame of an event', () => {
  it('says whose it is, what caused it, and where it stands', () => {
    const command = commandFor(having({ request_digest: 'd'.repeat(64) }, create()));
    const verdict = decide(command, initialState);
    const [event] = eventsOf(verdict);
    expect(event).toMatchObject({
      id: command.meta.event_id,
      schema: 1,
      tenant_id: tenant,
      packet_id: packetId,
      revision: 1,
      causation_id: command.meta.command_id,
      request_digest: 'd'.repeat(64),
      correlation_id: packetId,
      traceparent: command.meta.traceparent,
      data: { chain: { root_id: packetId, depth: 0, path: [agent('ana').id] } },
    });
  });
});
