import { serviceOf } from '#libs/contracts';
import type { PacketCommandType } from '#libs/packet';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { actor, change, httpAsks, natsAsks, vote } from './waiting-asks.js';
import { boundTo, type Caller, callers, type WaitingPacket, WaitingRail } from './waiting-rail.js';

const names = Object.keys(callers) as Caller[];
const kinds = ['free', 'held'] as const;
type Kind = (typeof kinds)[number];

const voters: Caller[] = ['approver', 'writer', 'admin', 'platform'];
const cancellers: Caller[] = ['writer', 'admin', 'platform'];
const editors: Record<Kind, Caller[]> = {
  free: ['agent', 'source', 'writer', 'admin', 'platform'],
  held: ['agent', 'claimant', 'writer', 'admin', 'platform'],
};

/**
 * What a packet that waits for people does take: a vote; a change of what they were asked about, which makes the
 * rail ask them anew; a cancel, which ends packet and question. All else leaves it exactly as it was.
 */
const takes = (command: PacketCommandType, kind: Kind, caller: Caller): boolean => {
  if (command === 'respond') return voters.includes(caller);
  if (command === 'cancel') return cancellers.includes(caller);
  return command === 'update' && editors[kind].includes(caller);
};

/** What a caller hears who has every right but to get past people. */
const heardOf = (command: PacketCommandType): string => {
  if (command === 'create') return 'already_exists';
  return command === 'retry' ? 'invalid_transition' : 'awaiting_human';
};

const shown = (what: string, answer: unknown): string => `${what}: ${JSON.stringify(answer)}`;

describe('nobody gets past people who have not decided', () => {
  let rail: WaitingRail;
  beforeAll(async () => {
    rail = await WaitingRail.start();
  });
  afterAll(() => rail?.stop());

  test('everything is asked: each command over NATS, each route that can change packets over HTTP', async () => {
    const waiting = await rail.waiting('held');
    expect(Object.keys(natsAsks(waiting)).sort()).toEqual(Object.keys(serviceOf).sort());
    const asked = new Set(httpAsks(waiting, 'bo').map(({ route }) => route));
    const routes = await rail.writingRoutes();
    expect(routes.length).toBeGreaterThan(20);
    expect(routes.filter((route) => !asked.has(route))).toEqual([]);
  });

  describe.each(kinds)('a packet that is %s', (kind) => {
    const expectSame = async (before: Awaited<ReturnType<WaitingRail['read']>>, what: string) =>
      expect(await rail.read(before.id), what).toEqual(before);

    test.each(names)('over HTTP, alone and in batches, by %s', async (caller) => {
      const waiting = await rail.waiting(kind);
      const before = await rail.read(waiting.id);
      for (const { command, route, path, body } of httpAsks(
        waiting,
        boundTo(caller),
        caller !== 'platform',
      )) {
        if (command !== undefined && takes(command, kind, caller)) continue;
        const answer = await rail.ask(caller, route, body ? { path, body } : { path });
        const what = shown(`${route} ${JSON.stringify(body)} ${answer.status}`, answer.body);
        await expectSame(before, what);
        if (command === undefined || (body !== undefined && 'filter' in body)) continue;
        const heard = answer.status === 200 ? answer.body.errors?.[0]?.error.code : answer.body.code;
        expect(heard, what).toMatch(/^[a-z_]+$/);
        if (caller === 'platform') expect(heard, what).toBe(heardOf(command));
      }
    });

    test.each([...names, 'system' as const])('over NATS, by %s', async (caller) => {
      const waiting = await rail.waiting(kind);
      const before = await rail.read(waiting.id);
      for (const [name, data] of Object.entries(natsAsks(waiting))) {
        const command = name as PacketCommandType;
        if (takes(command, kind, caller === 'system' ? 'admin' : caller)) continue;
        const reply = await rail.send(caller, command, { ...waiting, data });
        const what = shown(command, reply);
        await expectSame(before, what);
        if (reply.outcome === 'accepted') expect(reply.quiet && caller === 'system', what).toBe(true);
        else expect(reply.outcome, what).toBe('refused');
        if (caller === 'system' && reply.outcome === 'refused')
          expect(reply.rejection.code, what).toBe(heardOf(command));
      }
    });

    const path = ({ id }: WaitingPacket, tail = '') => `packets/${id}${tail}`;

    test.each(editors[kind])('a change by %s makes the rail ask anew', async (caller) => {
      const waiting = await rail.waiting(kind);
      const body = { ...change, ...actor(waiting, boundTo(caller)) };
      const answer = await rail.ask(caller, 'PATCH', { path: path(waiting), body });
      expect(answer.body, shown(caller, answer.body)).toMatchObject({
        status: 'awaiting_human',
        hitl: { state: 'open', votes: [] },
      });
      expect(answer.body.hitl.id).not.toBe(waiting.approval);
    });

    test.each(cancellers)('a cancel by %s ends packet and question', async (caller) => {
      const waiting = await rail.waiting(kind);
      const answer = await rail.ask(caller, 'POST', { path: path(waiting, '/cancel'), body: {} });
      expect(answer.body).toMatchObject({ status: 'cancelled', hitl: { state: 'voided' } });
      const late = await rail.ask('approver', 'POST', { path: path(waiting, '/respond'), body: vote });
      expect(late.body.code).toBe('approval_closed');
    });

    test.each(voters)('a vote by %s lets it go on', async (caller) => {
      const waiting = await rail.waiting(kind);
      const answer = await rail.ask(caller, 'POST', { path: path(waiting, '/respond'), body: vote });
      expect(answer.body, shown(caller, answer.body)).toMatchObject({
        status: 'claimed',
        claim: { agent: { id: 'bo' } },
        hitl: { state: 'approved' },
      });
    });
  });
});
