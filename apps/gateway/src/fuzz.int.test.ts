import { apiSchemas, packetSchema } from '#libs/contracts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type Client, realisticPacket } from '#libs/testing';
import { startTestGateway, type TestGateway } from './gateway.features.js';

const strange = fc.oneof(
  fc.constantFrom<unknown>(null, '', 0, -1, 1e308, true, [], {}, [[]], '2026-02-30T00:00:00Z', 'human'),
  fc.string({ unit: 'binary', maxLength: 20 }),
  fc.jsonValue({ maxDepth: 4, stringUnit: 'binary' }),
);

type Path = (string | number)[];

const pathsIn = (value: unknown, path: Path = []): Path[] =>
  typeof value === 'object' && value !== null
    ? [path, ...Object.entries(value).flatMap(([key, inner]) => pathsIn(inner, [...path, key]))]
    : [path];

const pathsBelow = (value: unknown): Path[] => pathsIn(value).filter((path) => path.length > 0);

/** The body with one value put in the place of another, or under a new name beside it. */
const changed = (body: unknown, path: Path, [value, name]: [unknown, string | null]): unknown => {
  const copy = structuredClone(body) as Record<string, unknown>;
  const holder = path.slice(0, -1).reduce<Record<string, unknown>>((node, key) => {
    const inner = node[key];
    return typeof inner === 'object' && inner !== null ? (inner as Record<string, unknown>) : {};
  }, copy);
  holder[name ?? String(path.at(-1))] = value;
  return copy;
};

const mutationOf = (value: unknown) =>
  fc.tuple(fc.constantFrom(...pathsBelow(value)), fc.tuple(strange, fc.option(fc.string(), { freq: 3 })));
const mutation = mutationOf(realisticPacket(1));

/** The body with up to so many changes. */
const mutated = (value: unknown, maxLength: number) =>
  fc
    .array(mutationOf(value), { maxLength })
    .map((mutations) =>
      mutations.reduce<unknown>((made, [path, change]) => changed(made, path, change), value),
    );

const people = [{ id: 'mira', kind: 'user', name: 'Mira' }];
const question = {
  hitl: {
    reason: 'Above the limit',
    question: 'Pay?',
    options: ['Yes', { label: 'Half', decision: 'custom', description: 'One half' }],
    response_schema: { type: 'object', properties: { sum: { type: 'number', minimum: 1 } } },
    approvers: people,
    quorum: { approve: 1, deny: 'all' },
    allow_edits: true,
    timeout_seconds: 60,
    on_timeout: 'escalate',
    escalation: [{ after_seconds: 30, approvers: people, notify: ['mira@example.com'] }],
  },
};
const reply = {
  response: 'Yes',
  responded_by: 'mira',
  decision: 'approve',
  notes: 'Fine',
  answer: { sum: 2 },
  edits: { context: { custom: { paid: true } }, metadata: { tags: ['paid'] } },
};

const body = fc
  .oneof(
    { weight: 6, arbitrary: fc.array(mutation, { minLength: 1, maxLength: 4 }) },
    { weight: 1, arbitrary: fc.constant([]) },
  )
  .map((mutations) =>
    mutations.reduce<unknown>((made, [path, change]) => changed(made, path, change), realisticPacket(7)),
  );

describe('the create body under a thousand strange values', () => {
  let gateway: TestGateway;
  let client: Client;
  beforeAll(async () => {
    gateway = await startTestGateway();
    client = gateway.client();
  });
  afterAll(() => gateway?.stop());

  const isPacket = new Ajv2020({ strict: false, validateFormats: false }).compile(packetSchema());
  const statuses = new Map<number, number>();
  const expectSane = async (raw: unknown, headers?: Record<string, string>) => {
    const answer = await client.post('packets', raw, headers);
    statuses.set(answer.status, (statuses.get(answer.status) ?? 0) + 1);
    expect([201, 400, 413, 422], JSON.stringify(answer.body)).toContain(answer.status);
    if (answer.status === 422) expect(answer.body.errors?.length ?? 1).toBeGreaterThan(0);
    if (answer.status !== 201) return;
    expect(isPacket(answer.body) || isPacket.errors).toBe(true);
    const read = await client.get(`packets/${answer.body.id}`);
    expect(read.body).toEqual(answer.body);
  };

  it('is taken or refused, never failed on', async () => {
    await fc.assert(
      fc.asyncProperty(body, (made) => expectSane(JSON.stringify(made))),
      { numRuns: 1_000 },
    );
    expect(statuses.get(201)).toBeGreaterThan(50);
    expect(statuses.get(422)).toBeGreaterThan(50);
    const listed = await client.get('packets?limit=200');
    expect(listed).toMatchObject({ status: 200, body: { total: statuses.get(201) } });
  }, 60_000);

  it('nor are the bodies of an update and of a claim', async () => {
    const { id } = (await client.post('packets', realisticPacket(8))).body;
    const patch = { ...realisticPacket(8), metadata: { tags: ['a'], priority: 3 } };
    const sent = fc.tuple(fc.array(mutation, { minLength: 1, maxLength: 3 }), fc.boolean());
    await fc.assert(
      fc.asyncProperty(sent, async ([mutations, claims]) => {
        const start = claims ? { agent_id: 'x' } : patch;
        const made = mutations.reduce<unknown>(
          (value, [path, change]) => changed(value, path, change),
          start,
        );
        const answer = claims
          ? await client.post(`packets/${id}/claim`, made)
          : await client.send('PATCH', `packets/${id}`, made);
        expect(answer.status, JSON.stringify(answer.body)).toBeLessThan(500);
      }),
      { numRuns: 300 },
    );
    expect((await client.get(`packets/${id}/history`)).status).toBe(200);
  }, 60_000);

  it('nor are those of a question to people and of their answer', async () => {
    const $defs = apiSchemas([]);
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const isApproval = ajv.compile({ $ref: '#/$defs/ApprovalDocument', $defs });
    const seen = new Set<number>();
    const conversation = fc.tuple(mutated(question, 2), mutated(reply, 2));
    await fc.assert(
      fc.asyncProperty(conversation, async ([asks, answers]) => {
        const { id } = (await client.post('packets', realisticPacket(9))).body;
        const asked = await client.post(`packets/${id}/request-approval`, asks);
        expect(asked.status, JSON.stringify(asked.body)).toBeLessThan(500);
        const answered = await client.post(`packets/${id}/respond`, answers);
        expect(answered.status, JSON.stringify(answered.body)).toBeLessThan(500);
        seen.add(asked.status).add(answered.status);
        if (asked.status !== 200) return;
        const { body: approval } = await client.get(`approvals/${asked.body.hitl.id}`);
        expect(isApproval(approval) || isApproval.errors).toBe(true);
      }),
      { numRuns: 200 },
    );
    expect([...seen]).toEqual(expect.arrayContaining([200, 422]));
  }, 60_000);

  it('may be any bytes', async () => {
    const bytes = fc.oneof(
      fc.uint8Array({ maxLength: 200 }).map((array) => Buffer.from(array)),
      fc.string({ unit: 'binary', maxLength: 200 }).map((text) => Buffer.from(`{"context":"${text}"}`)),
    );
    const headers = { 'content-type': 'application/json' };
    await fc.assert(
      fc.asyncProperty(bytes, (raw) => expectSane(raw, headers)),
      { numRuns: 200 },
    );
  }, 60_000);
});
