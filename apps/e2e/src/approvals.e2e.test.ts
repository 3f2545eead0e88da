import { setTimeout as delay } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import {
  type Client,
  createClient,
  type Fleet,
  type Rail,
  type ServiceName,
  smallPacket,
  startFleet,
  startRail,
  startServers,
  type TestServers,
} from '#libs/testing';

const members = (
  ['ingestion', 'claiming', 'approvals', 'projector', 'gateway'] satisfies ServiceName[]
).flatMap((service) => (service === 'approvals' ? [0, 1] : [0]).map((copy) => ({ service, copy })));
const boss = [{ id: 'boss', kind: 'user' as const }];

interface Recorded {
  event_type: string;
  timestamp: string;
}

describe('approvals, with real processes', () => {
  let servers: TestServers;
  let fleet: Fleet;
  let client: Client;

  beforeAll(async () => {
    servers = await startServers({ postgres: true, durability: 'strict', supervise: true });
    const databaseUrl = await servers.newDatabase();
    fleet = await startFleet({ natsUrl: servers.natsUrl, databaseUrl, copies: { approvals: 2 } });
    client = createClient(fleet.url, fleet.key, 64);
  });
  afterAll(async () => {
    await client?.close();
    await fleet?.stop();
    await servers?.stop();
  });

  const waiting = async (policy: object): Promise<{ id: string; approval: string; from: number }> => {
    const answer = await client.post(
      'packets',
      smallPacket('billing-01', 'sales-01', { hitl: { reason: 'Sure?', ...policy } }),
    );
    expect(answer.status, JSON.stringify(answer.body)).toBe(201);
    const { id, created_at, hitl } = answer.body;
    return { id, approval: hitl.id, from: Date.parse(created_at) };
  };
  const packetOf = async (id: string) => (await client.get(`packets/${id}`)).body;
  const historyOf = async (id: string): Promise<Recorded[]> =>
    (await client.get(`packets/${id}/history`)).body.events;
  /** The approval's events, without `packet.approval_`, with their times. */
  const steps = async (id: string): Promise<[string, number][]> =>
    (await historyOf(id))
      .filter(({ event_type }) => event_type.startsWith('packet.approval_'))
      .map(({ event_type, timestamp }) => [
        event_type.slice('packet.approval_'.length),
        Date.parse(timestamp),
      ]);
  const until = (id: string, what: string[], timeout = 20_000) =>
    expect.poll(async () => (await steps(id)).map(([step]) => step), { timeout }).toEqual(what);
  const keyFor = async (name: string, role: string, agent_id?: string): Promise<Client> => {
    const body = { name, role, ...(agent_id !== undefined && { agent_id }) };
    const { status, body: made } = await client.post('keys', body);
    expect(status).toBe(201);
    return createClient(fleet.url, made.key, 2);
  };

  /** What a checkpoint asks for, and what its clock does when; reminders and ends after so many seconds. */
  const clocks: { policy: object; told: [string, number][]; after: object }[] = [
    {
      policy: { timeout_seconds: 2 },
      told: [['timed_out', 2]],
      after: { status: 'failed', failure: { code: 'approval_timed_out' }, hitl: { effect: 'deny' } },
    },
    {
      policy: { timeout_seconds: 3, on_timeout: 'fail', remind_before_seconds: 1 },
      told: [
        ['reminded', 2],
        ['timed_out', 3],
      ],
      after: { status: 'failed', failure: { code: 'approval_timed_out' }, hitl: { effect: 'fail' } },
    },
    {
      policy: { timeout_seconds: 2, on_timeout: 'approve' },
      told: [['timed_out', 2]],
      after: { status: 'claimed', failure: null, hitl: { effect: 'approve', state: 'timed_out' } },
    },
    {
      policy: { timeout_seconds: 1, escalation: [{ after_seconds: 2, approvers: boss }] },
      told: [
        ['escalated', 2],
        ['timed_out', 3],
      ],
      after: { status: 'failed', failure: { code: 'approval_timed_out' }, hitl: { escalation_step: 1 } },
    },
    {
      policy: {
        on_timeout: 'wait',
        escalation: [
          { after_seconds: 1, approvers: boss },
          { after_seconds: 2, approvers: boss },
        ],
      },
      told: [
        ['escalated', 1],
        ['escalated', 3],
      ],
      after: { status: 'awaiting_human', failure: null, hitl: { escalation_step: 2, expires_at: null } },
    },
  ];

  test('each timeout, step and reminder comes at its time', async () => {
    await Promise.all(
      clocks.map(async ({ policy, told, after }) => {
        const { id, from } = await waiting(policy);
        await until(
          id,
          told.map(([what]) => what),
        );
        for (const [n, [, at]] of (await steps(id)).entries()) {
          // A step counts from the one before it, which may have come late by some milliseconds.
          const slackMs = (n + 1) * 1_000;
          const due = from + (told[n]?.[1] ?? 0) * 1_000;
          expect(at).toBeGreaterThanOrEqual(due);
          expect(at).toBeLessThan(due + slackMs);
        }
        expect(await packetOf(id)).toMatchObject(after);
      }),
    );
  });

  test('also when every service and NATS were killed while it was due: none lost, none early, none twice', async () => {
    const all = await Promise.all(
      [...clocks, ...clocks, ...clocks].map(async ({ policy, ...clock }) => ({
        ...clock,
        ...(await waiting(policy)),
      })),
    );
    const late = await waiting({ timeout_seconds: 20, remind_before_seconds: 2 });
    const answered = await waiting({ timeout_seconds: 3 });
    expect(
      (await client.post(`packets/${answered.id}/respond`, { response: 'No', responded_by: 'Mira' })).status,
    ).toBe(200);

    await Promise.all(members.map(({ service, copy }) => fleet.member(service, copy).stop('SIGKILL')));
    process.kill(servers.nats.pid() ?? 0, 'SIGKILL');
    await delay(Math.max(0, late.from + 3_500 - Date.now()));
    await Promise.all(members.map(({ service, copy }) => fleet.killAndRestart(service, copy)));
    // An answered command shows that the service is there, and with it the clocks.
    const probe = () =>
      client.post(`packets/${answered.id}/respond`, { response: 'No', responded_by: 'Mira' }).then(
        ({ status }) => status,
        () => 0,
      );
    await expect.poll(probe, { timeout: 30_000, interval: 20 }).toBe(409);
    const backAt = Date.now();

    const ends = (list: [string, number][]) => list.filter(([what]) => what !== 'reminded');
    for (const { id, from, told, after } of all) {
      const wanted = ends(told);
      const seen = async () => ends(await steps(id)).map(([what]) => what);
      await expect.poll(seen, { timeout: 20_000 }).toEqual(wanted.map(([what]) => what));
      let [since, before] = [from, 0];
      const happened = ends(await steps(id));
      for (const [n, [, at]] of happened.entries()) {
        const seconds = wanted[n]?.[1] ?? 0;
        const due = since + (seconds - before) * 1_000;
        expect(at).toBeGreaterThanOrEqual(due);
        expect(at).toBeLessThan(Math.max(due, backAt) + 1_000);
        [since, before] = [at, seconds];
      }
      expect(await packetOf(id)).toMatchObject(after);
    }
    await until(late.id, ['reminded', 'timed_out']);
    const [reminded, timedOut] = await steps(late.id);
    for (const [at, seconds] of [
      [reminded?.[1] ?? 0, 18],
      [timedOut?.[1] ?? 0, 20],
    ] as const) {
      expect(at).toBeGreaterThanOrEqual(late.from + seconds * 1_000);
      expect(at).toBeLessThan(Math.max(late.from + seconds * 1_000, backAt) + 1_000);
    }
    await until(answered.id, ['responded']);
    expect(await packetOf(answered.id)).toMatchObject({
      status: 'failed',
      failure: { code: 'approval_denied' },
      hitl: { state: 'denied' },
    });
  });

  test('16 people answer one question at once, 50 times: one outcome, and everybody else is told', async () => {
    const people = await Promise.all(
      Array.from({ length: 16 }, (_, n) => keyFor(`Person ${n}`, 'approver', `person-${n}`)),
    );
    for (let round = 0; round < 50; round += 1) {
      const needed = (round % 3) + 1;
      const { id, approval } = await waiting({ quorum: { approve: needed, deny: 16 } });
      const answers = await Promise.all(
        people.map((person, n) =>
          person.post(round % 2 === 0 ? `packets/${id}/respond` : `approvals/${approval}/respond`, {
            response: 'Approve',
            responded_by: `Person ${n}`,
          }),
        ),
      );
      const counted = answers.filter(({ status }) => status === 200);
      const told = answers.filter(({ status, body }) => status === 409 && body.code === 'approval_closed');
      expect([counted.length, told.length], JSON.stringify(answers.map(({ body }) => body.code))).toEqual([
        needed,
        16 - needed,
      ]);
      const { status, hitl } = await packetOf(id);
      expect([status, hitl.state, hitl.votes.length]).toEqual(['claimed', 'approved', needed]);
      const voters = answers.flatMap(({ status: answer }, n) => (answer === 200 ? [`person-${n}`] : []));
      expect(hitl.votes.map((vote: { approver: string }) => vote.approver).sort()).toEqual(voters.sort());
      const ended = answers.filter(({ body }) => body.hitl?.state === 'approved');
      expect(ended.length).toBe(1);
    }
    const { id } = await waiting({});
    await people[7]?.post(`packets/${id}/respond`, { response: 'No', responded_by: 'Somebody' });
    await until(id, ['responded']);
    expect((await client.get(`packets/${id}/history`)).body.events[1]).toMatchObject({
      actor: { type: 'human', id: 'person-7' },
    });
    await Promise.all(people.map((person) => person.close()));
  });
});

describe('"nobody answered" and "somebody said no"', () => {
  let rail: Rail;
  let client: Client;
  beforeAll(async () => {
    rail = await startRail();
    client = createClient(rail.url, rail.key);
  });
  afterAll(async () => {
    await client?.close();
    await rail?.stop();
  });

  const waiting = async (timeout_seconds: number): Promise<{ id: string; approval: string }> => {
    const hitl = { reason: 'Sure?', timeout_seconds };
    const { body } = await client.post('packets', smallPacket('billing-01', 'sales-01', { hitl }));
    return { id: body.id, approval: body.hitl.id };
  };
  const deny = (path: string) => client.post(`${path}/respond`, { response: 'Deny', responded_by: 'Mira' });
  const typesOf = async (id: string): Promise<string[]> =>
    (await client.get(`packets/${id}/history`)).body.events.map(
      ({ event_type }: { event_type: string }) => event_type,
    );
  const listed = async (state: string): Promise<string[]> =>
    (await client.get(`approvals?state=${state}`)).body.approvals.map(
      ({ packet_id }: { packet_id: string }) => packet_id,
    );
  const ended = async (outcome: string): Promise<number> => {
    const { body } = await client.get('/metrics');
    const line = new RegExp(
      `^handoffrail_approvals_ended_total\\{[^}]*outcome="${outcome}"[^}]*\\} (\\d+)$`,
      'm',
    );
    return Number(line.exec(String(body))?.[1] ?? 0);
  };

  test('differ in status, failure, events, lists, metrics and in what a late answer is told', async () => {
    const [no, nobody] = [await waiting(60), await waiting(1)];
    expect((await deny(`packets/${no.id}`)).body.status).toBe('failed');
    await expect.poll(() => typesOf(nobody.id), { timeout: 10_000 }).toHaveLength(2);
    expect((await client.get(`packets/${no.id}`)).body).toMatchObject({
      status: 'failed',
      failure: { code: 'approval_denied', reason: 'Deny' },
      hitl: { state: 'denied', responded_by: 'Mira', votes: [{ decision: 'deny' }] },
    });
    expect((await client.get(`packets/${nobody.id}`)).body).toMatchObject({
      status: 'failed',
      failure: { code: 'approval_timed_out' },
      hitl: { state: 'timed_out', effect: 'deny', response: null, responded_by: null, votes: [] },
    });
    await expect.poll(() => typesOf(no.id)).toEqual(['packet.created', 'packet.approval_responded']);
    expect(await typesOf(nobody.id)).toEqual(['packet.created', 'packet.approval_timed_out']);
    expect([await listed('denied'), await listed('timed_out')]).toEqual([[no.id], [nobody.id]]);
    expect([await ended('denied'), await ended('timed_out')]).toEqual([1, 1]);
    for (const path of [`packets/${no.id}`, `approvals/${no.approval}`])
      expect(await deny(path)).toMatchObject({ status: 409, body: { code: 'approval_closed' } });
    for (const path of [`packets/${nobody.id}`, `approvals/${nobody.approval}`])
      expect(await deny(path)).toMatchObject({ status: 410, body: { code: 'approval_timed_out' } });
  });
});
