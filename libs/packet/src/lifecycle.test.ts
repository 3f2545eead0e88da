import { describe, expect, it } from 'vitest';
import type { PacketCommandType } from './commands.js';
import type { PacketStatus } from './document.js';
import type { PacketEventType } from './events.js';
import {
  agent,
  ask,
  at,
  childId,
  claim,
  complete,
  create,
  eventsOf as accepted,
  fail,
  limits,
  packetAfter,
  respond,
  system,
  as,
  update,
  verdictOf,
} from './given.features.js';
import type { Ask } from './given.features.js';
import { evolve } from './evolve.js';
import { renderLifecycle } from './lifecycle-doc.js';
import {
  allowed,
  commandsFrom,
  eventsOf,
  isTerminal,
  statusAfter,
  terminal,
  timerCommands,
} from './lifecycle.js';
import { normalizeApproval } from './normalize-approval.js';
import { normalizeNewPacket } from './normalize.js';
import type { RejectionCode } from './rejections.js';
import { initialState } from './state.js';
import type { Packet } from './state.js';
import { body, noon } from './given.features.js';

const lease = claim('bo', { lease_seconds: 60 });
const policy = normalizeApproval({
  reason: 'Sure?',
  timeout_seconds: 500,
  on_timeout: 'deny',
  escalation: [{ after_seconds: 100, approvers: [{ id: 'boss', kind: 'user' }] }],
  remind_before_seconds: 90,
});
const question = ask('request_approval', { policy, approval_id: 'approval-1' });
const made = create({ ttl_seconds: 3600 });

/** A packet in each status, made by commands. */
const packets: Record<Packet['status'], Packet> = {
  absent: initialState,
  created: packetAfter(made),
  claimed: packetAfter(made, lease),
  in_progress: packetAfter(made, lease, as(system, ask('start', {}))),
  awaiting_human: packetAfter(made, lease, as(system, question)),
  completed: packetAfter(made, claim(), complete()),
  failed: packetAfter(made, claim(), fail()),
  rejected: packetAfter(made, ask('reject', { reason: 'Not mine' })),
  cancelled: packetAfter(made, ask('cancel', {})),
  expired: packetAfter(made, at(3600, ask('expire', { reason: 'ttl' }))),
};

/** One that nobody was named for. */
const waiting = packetAfter(create({ routing: {}, metadata: { source_agent: agent('ana') } }));

const escalate = at(100, ask('escalate_approval', { approval_id: 'approval-1', step: 1 }));
/** One whose ladder is through, so that its clock runs to the timeout. */
const climbed = packetAfter(made, lease, as(system, question), escalate);

/** Each command in a form that its own rule accepts wherever the table allows it. */
const commands: Record<PacketCommandType, Ask> = {
  create: made,
  claim: claim('cy'),
  start: ask('start', {}),
  progress: ask('progress', { percent: 10 }),
  update: update({ context: { summary: 'Changed' } }),
  request_approval: question,
  respond: respond('Approve'),
  escalate_approval: escalate,
  remind_approval: at(90, ask('remind_approval', { approval_id: 'approval-1' })),
  time_out_approval: at(600, ask('time_out_approval', { approval_id: 'approval-1', next_claim_id: 'c' })),
  complete: complete({ other: 'result' }),
  fail: fail({ reason: 'Another reason' }),
  reject: ask('reject', { reason: 'Another reason' }),
  release: ask('release', {}),
  lose_claim: at(60, ask('lose_claim', { lost_claim_id: 'claim-bo', jitter: 0 })),
  route: ask('route', { target: agent('cy'), candidates: [], strategy: 'capability', confidence: 1 }),
  cancel: ask('cancel', {}),
  expire: at(3600, ask('expire', { reason: 'ttl' })),
  retry: ask('retry', {}),
  chain: ask('chain', {
    child_id: childId,
    child: normalizeNewPacket(body(), { now: noon }),
    inherit: 'all',
    limits,
    trace_id: 'f'.repeat(32),
    approval_id: 'approval-3',
  }),
};

const statuses = Object.keys(allowed) as Packet['status'][];
const types = Object.keys(commands) as PacketCommandType[];

const isAllowed = (status: Packet['status'], type: PacketCommandType): boolean =>
  commandsFrom(status).includes(type);
const isTimer = (type: PacketCommandType): boolean => (timerCommands as readonly string[]).includes(type);

/** What else a cell says than `invalid_transition`. */
const expectedCode = (status: Packet['status'], type: PacketCommandType): RejectionCode => {
  if (status === 'absent') return 'not_found';
  if (type === 'create') return 'already_exists';
  if (status === 'expired' && type !== 'cancel') return 'packet_expired';
  if (status === 'awaiting_human' && type !== 'retry') return 'awaiting_human';
  return type === 'claim' && (status === 'claimed' || status === 'in_progress')
    ? 'already_claimed'
    : 'invalid_transition';
};

const packetFor = (type: PacketCommandType, status: Packet['status']): Packet => {
  if (type === 'route' && status === 'created') return waiting;
  return type === 'time_out_approval' && status === 'awaiting_human' ? climbed : packets[status];
};

describe('every status × command', () => {
  for (const status of statuses) {
    for (const type of types) {
      // Somebody else than `bo` may claim only what is open to all.
      const asked = as(system, type === 'claim' && status === 'created' ? claim() : commands[type]);
      const packet = packetFor(type, status);
      if (type === 'start' && status === 'in_progress') {
        it('start of a started packet is quiet', () =>
          expect(accepted(verdictOf(packet, asked))).toEqual([]));
      } else if (isAllowed(status, type)) {
        it(`${type} of a packet that is ${status} leads where the tables say`, () => {
          const events = accepted(verdictOf(packet, asked));
          expect(events.length).toBeGreaterThan(0);
          expect(eventsOf[type]).toEqual(expect.arrayContaining(events.map((event) => event.type)));
          let state = packet;
          for (const event of events) {
            const before = state.status;
            state = evolve(state, event);
            const after = statusAfter[event.type] as readonly string[];
            expect(after.includes(state.status) || (after.includes('same') && state.status === before)).toBe(
              true,
            );
          }
        });
      } else if (isTimer(type) && status !== 'absent') {
        it(`${type} of a packet that is ${status} comes too late and is quiet`, () =>
          expect(accepted(verdictOf(packet, asked))).toEqual([]));
      } else {
        it(`${type} of a packet that is ${status} is refused`, () => {
          const code = expectedCode(status, type);
          expect(verdictOf(packet, asked)).toMatchObject({ kind: 'refused', rejection: { code } });
        });
      }
    }
  }

  it('says which commands are possible instead, without the timers', () => {
    const verdict = verdictOf(packets.failed, complete());
    expect(verdict).toMatchObject({ rejection: { status: 'failed', allowed: ['retry', 'chain'] } });
    const early = verdictOf(packets.created, complete());
    expect(early).toMatchObject({
      rejection: { allowed: ['claim', 'update', 'request_approval', 'reject', 'cancel', 'chain'] },
    });
  });
});

describe('the tables', () => {
  const reachable = new Set<string>(['absent']);
  for (let size = 0; size !== reachable.size;) {
    size = reachable.size;
    for (const status of [...reachable] as Packet['status'][]) {
      for (const type of commandsFrom(status)) {
        for (const event of eventsOf[type] as readonly PacketEventType[]) {
          statusAfter[event].forEach((to) => reachable.add(to === 'same' ? status : to));
        }
      }
    }
  }

  it('reach every status', () => {
    expect([...reachable].sort()).toEqual([...statuses].sort());
  });

  it('make every event by some command', () => {
    const events = new Set<string>(Object.values(eventsOf).flat());
    expect([...events].sort()).toEqual(Object.keys(statusAfter).sort());
  });

  it('let nothing but a retry out of a terminal status', () => {
    for (const status of terminal) {
      const leaving = commandsFrom(status).filter((type) => type !== 'chain');
      expect(leaving.filter((type) => type !== 'retry')).toEqual([]);
      expect(isTerminal(status)).toBe(true);
    }
    expect((['created', 'claimed'] as PacketStatus[]).map(isTerminal)).toEqual([false, false]);
  });

  it('are what the docs page is made of', () => {
    const page = renderLifecycle();
    expect(page).toContain('created --> claimed: claim\n');
    expect(page).toContain('[*] --> awaiting_human: create\n');
    expect(page).toContain('| complete | `claimed` `in_progress` | `packet.completed` | `completed` |');
    expect(page).toContain('awaiting_human --> cancelled: cancel\n');
  });
});
