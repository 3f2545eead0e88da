import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient, fencedBlocks, freePort, type Rail, smallPacket, startRail } from '#libs/testing';

const page = (name: string) =>
  readFileSync(fileURLToPath(new URL(`../../../${name}`, import.meta.url)), 'utf8');

let rail: Rail;
beforeAll(async () => {
  rail = await startRail({ env: { HR_WEBHOOK_ALLOW_PRIVATE: '127.0.0.1/32' } });
});
afterAll(() => rail?.stop());

/** A reader's shell: the variables that the page asks for, then the blocks as printed. */
const runAsPrinted = async (setup: string, blocks: string[]): Promise<string> => {
  const filledIn = setup.replace(/^KEY=.*$/m, `KEY=${rail.key}`).replace('http://localhost:8080', rail.url);
  expect(filledIn).toContain(rail.key);
  expect(filledIn).toContain(rail.url);
  const { stdout } = await promisify(execFile)('bash', [
    '-euo',
    'pipefail',
    '-c',
    [filledIn, ...blocks].join('\n'),
  ]);
  return stdout;
};

test("the README's first handoff works as printed", async () => {
  const readme = page('README.md');
  const [setup = ''] = fencedBlocks(readme, 'bash setup');
  const blocks = fencedBlocks(readme, 'bash first-handoff');
  expect(blocks).toHaveLength(1);
  const output = await runAsPrinted(setup, blocks);
  const [claimed, completed, history] = output
    .trim()
    .split(/\n\n/)
    .map((text) => JSON.parse(text));
  expect(claimed.status).toBe('claimed');
  expect(completed).toMatchObject({ status: 'completed', result: { refund: 're_981' } });
  expect(history.events.map((event: { event_type: string }) => event.event_type)).toEqual([
    'packet.created',
    'packet.claimed',
    'packet.completed',
  ]);
});

test('the page on how work is shared out works as printed', async () => {
  const client = createClient(rail.url, rail.key);
  const lost = await client.post(
    'packets',
    smallPacket('refunds-01', 'sales-01', { retry: { max_attempts: 1 } }),
  );
  await client.post(`packets/${lost.body.id}/claim`, { agent_id: 'refunds-01' });
  await client.post(`packets/${lost.body.id}/fail`, { reason: 'The bank is away.', retryable: true });
  await client.close();
  const text = page('docs/distribution.md');
  const [setup = ''] = fencedBlocks(text, 'bash setup');
  const steps = ['agents', 'create', 'route', 'claim-next', 'heartbeat', 'complete', 'redrive', 'stats'];
  const blocks = steps.flatMap((step) => fencedBlocks(text, `bash distribution ${step}`));
  expect(blocks).toHaveLength(steps.length);
  const lines = (await runAsPrinted(setup, blocks)).split('\n').filter((line) => line !== '');
  const [agent, agents, created, routed, work, beat, done, dead, told, redriven, stats] = lines.map((line) =>
    JSON.parse(line),
  );
  expect(agent).toMatchObject({ id: 'refunds-01', present: true });
  expect(agents).toMatchObject({ total: 1, agents: [{ id: 'refunds-01' }] });
  expect(created).toMatchObject({ status: 'created', metadata: { target_agent: { id: 'refunds-01' } } });
  expect(routed).toMatchObject({ target: { id: 'refunds-01' }, candidates: [{ id: 'refunds-01' }] });
  expect(work.packets).toMatchObject([{ id: created.id, status: 'claimed', claim: { lease_seconds: 60 } }]);
  expect(beat).toMatchObject({ directive: 'continue' });
  expect(done).toMatchObject({ id: created.id, status: 'completed', result: { refund: 're_981' } });
  expect(dead).toMatchObject({ total: 1, packets: [{ id: lost.body.id }] });
  expect(told).toMatchObject({ dry_run: true, matched: 1, packet_ids: [lost.body.id], retried: [] });
  expect(redriven).toMatchObject({ dry_run: false, retried: [{ id: lost.body.id, status: 'created' }] });
  expect(stats).toMatchObject({ dead_letters: 0, last_24h: { retried: 1 } });
});

test('the page on how people decide works as printed', async () => {
  const text = page('docs/approvals.md');
  const [setup = ''] = fencedBlocks(text, 'bash setup');
  const steps = ['ask', 'inbox', 'respond', 'edits', 'links'];
  const blocks = steps.flatMap((step) => fencedBlocks(text, `bash approvals ${step}`));
  expect(blocks).toHaveLength(steps.length);
  const lines = (await runAsPrinted(setup, blocks)).split('\n').filter((line) => line !== '');
  const told = lines.map((line) => JSON.parse(line));
  const [asked, inbox, answered, approval, started, again, done, link, shown, open, links] = told;
  expect(asked).toMatchObject({ status: 'awaiting_human', hitl: { state: 'open' } });
  expect(inbox).toMatchObject({ total: 1, approvals: [{ id: asked.hitl.id, packet_id: asked.id }] });
  expect(answered).toMatchObject({ status: 'claimed', claim: { agent: { id: 'billing-01' } } });
  expect(approval).toMatchObject({
    id: asked.hitl.id,
    state: 'approved',
    responded_by: 'Mira Okafor',
    votes: [{ approver: 'mira' }],
  });
  expect(started).toMatchObject({ status: 'in_progress' });
  expect(again).toMatchObject({ status: 'awaiting_human', hitl: { requested_by: 'billing-01' } });
  expect(done).toMatchObject({
    status: 'in_progress',
    context: { custom: { reference: 'Refund of invoice 4711' } },
    hitl: { state: 'approved', votes: [{ answer: { iban: 'DE02120300000000202051' } }] },
  });
  expect(link).toMatchObject({ approver: 'mira', status: 'open', url: expect.stringContaining('/a/') });
  expect(shown).toBe(200);
  expect(open).toMatchObject({ id: link.approval_id, state: 'open', votes: [] });
  expect(links).toMatchObject({ links: [{ link_id: link.link_id, status: 'revoked' }] });
});

test('the page on webhooks works as printed', async () => {
  const text = page('docs/webhooks.md');
  const [setup = ''] = fencedBlocks(text, 'bash setup');
  const steps = ['make', 'receive', 'test', 'rotate', 'recover'];
  const port = String(await freePort());
  const blocks = steps
    .flatMap((step) => fencedBlocks(text, `bash webhooks ${step}`))
    .map((block) => block.replaceAll('4567', port));
  expect(blocks).toHaveLength(steps.length);
  // The page leaves its receiver running, and does not say to wait for what it sends.
  const ended = `trap 'kill $(jobs -p)' EXIT\n${setup}`;
  const waiting = blocks.map((block, index) => (index === 2 ? `${block}\nsleep 2` : block));
  const lines = (await runAsPrinted(ended, waiting)).split('\n').filter((line) => line !== '');
  const told = lines.map((line) => JSON.parse(line));
  const received = told.filter(({ type }) => type !== undefined);
  const [hook, sent, rotated, log, dead, recovered, replayed] = told.filter(({ type }) => type === undefined);
  expect(hook).toMatchObject({ status: 'active', secret: expect.stringMatching(/^whsec_/) });
  expect(received).toEqual([{ id: expect.any(String), type: 'hook.test', packet_id: null }]);
  expect(rotated).toMatchObject({ hook_id: hook.id, secret: expect.stringMatching(/^whsec_/) });
  expect(log.deliveries).toMatchObject([
    { id: sent.delivery_id, event_id: received[0].id, attempts: [{ status_code: 204 }] },
  ]);
  expect(dead.deliveries).toEqual([]);
  expect(recovered).toEqual({ deliveries: 0 });
  expect(replayed).toMatchObject({ since: expect.any(String) });
});

interface Operation {
  requestBody?: {
    content: Record<string, { example?: unknown; examples?: Record<string, { value: unknown }> }>;
  };
}

const examplesOf = (path: string, method: string): unknown[] => {
  const document = JSON.parse(page('docs/openapi.json')) as {
    paths: Record<string, Record<string, Operation>>;
  };
  const content = document.paths[path]?.[method]?.requestBody?.content['application/json'];
  return [content?.example, ...Object.values(content?.examples ?? {}).map(({ value }) => value)].filter(
    (example) => example !== undefined,
  );
};

test('every example of a new packet in the API description is taken as it stands', async () => {
  const client = createClient(rail.url, rail.key);
  for (const path of ['/api/v1/packets', '/api/v1/packets/batch']) {
    const examples = examplesOf(path, 'post');
    expect(examples.length, path).toBeGreaterThan(0);
    for (const example of examples) {
      const answer = await client.post(path, example);
      expect(answer.status, JSON.stringify(answer.body)).toBe(201);
      expect(answer.body.errors ?? []).toEqual([]);
    }
  }
  await client.close();
});
