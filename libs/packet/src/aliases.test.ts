import { describe, expect, it } from 'vitest';
import { aliasesOf, eventAliases } from './aliases.js';
import { currentSchema } from './events.js';
import { evolve } from './evolve.js';
import {
  approver,
  as,
  ask,
  claim,
  create,
  eventsOf,
  packetAfter,
  respond,
  update,
  verdictOf,
} from './given.features.js';
import type { Ask } from './given.features.js';
import { normalizeApproval } from './normalize-approval.js';
import { initialState } from './state.js';
import type { Packet } from './state.js';

/** The aliases of each event that the last command comes to. */
const aliases = (...asked: Ask[]): string[][] => {
  const last = asked.at(-1)!;
  let before: Packet = asked.length === 1 ? initialState : packetAfter(...asked.slice(0, -1));
  return eventsOf(verdictOf(before, last)).map((event) => {
    const after = evolve(before, event);
    const names = aliasesOf(event, before, after);
    before = after;
    return names;
  });
};

const hitl = { hitl: { reason: 'Sure?', quorum: { approve: 2 } } };
const question = ask('request_approval', {
  policy: normalizeApproval({ reason: 'Sure?' }),
  approval_id: 'a2',
});
const yes = as(approver, respond('Yes'));
const no = as(approver, respond('No'));

describe('the aliases of an event', () => {
  it.each<[string, string[][], Ask[]]>([
    ['a plain create has none', [[]], [create()]],
    ['a create at a checkpoint', [['packet.awaiting_human']], [create(hitl)]],
    ['a request for approval', [['packet.awaiting_human']], [create(), claim(), question]],
    ['a retry asks anew', [[], ['packet.awaiting_human']], [create(hitl), no, ask('retry', {})]],
    [
      'a fresh approval of changed content goes on waiting',
      [[], []],
      [create(hitl), update({ context: { summary: 'New' } })],
    ],
    ['a vote that ends nothing', [[]], [create(hitl), yes]],
    ['a vote that ends it', [['hitl.response_ready']], [create(), claim(), question, yes]],
    ['a denial ends it too', [['hitl.response_ready']], [create(hitl), no]],
    ['a start', [['packet.in_progress']], [create(), claim(), ask('start', {})]],
    ['the first progress', [['packet.in_progress']], [create(), claim(), ask('progress', { percent: 1 })]],
    [
      'further progress is none',
      [[]],
      [create(), claim(), ask('start', {}), ask('progress', { percent: 1 })],
    ],
    [
      'to go on with the work after an approval is not to begin it',
      [['hitl.response_ready']],
      [create(), claim(), ask('start', {}), question, yes],
    ],
  ])('%s', (_, names, asked) => {
    expect(aliases(...asked)).toEqual(names);
  });

  it('of a timeout are none: nobody has responded', () => {
    const timed = create({ hitl: { reason: 'Sure?', timeout_seconds: 1 } });
    const over = ask('time_out_approval', { approval_id: 'approval-1', next_claim_id: 'c' });
    const late = { ...over, meta: { ...over.meta, now: '2026-01-02T12:00:00.000Z' as never } };
    expect(aliases(timed, late)).toEqual([[]]);
  });

  it('are no types of their own', () => {
    expect(eventAliases.filter((alias) => alias in currentSchema)).toEqual([]);
  });
});
