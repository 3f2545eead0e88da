import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Rail, startRail } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shellOf } from './program.features.js';

const from = ['--source-id', 'sales-01', '--source-name', 'SalesBot'];
const toBilling = [...from, '--target-id', 'billing-01'];
const billing = ['--agent-id', 'billing-01'];

describe('each command on packets, as text and as JSON', () => {
  let rail: Rail;
  let shell: ReturnType<typeof shellOf>;
  const directory = mkdtempSync(join(tmpdir(), 'handoffrail-cli-'));

  beforeAll(async () => {
    rail = await startRail({ env: { HR_DURABILITY: 'relaxed' } });
    shell = shellOf({ HANDOFFRAIL_URL: rail.url, HANDOFFRAIL_API_KEY: rail.key });
  });

  afterAll(async () => {
    rmSync(directory, { recursive: true, force: true });
    await rail?.stop();
  });

  const make = (...more: string[]) => shell.id(['create', ...toBilling, '--summary', 'Refund 4711', ...more]);
  const taken = async (...more: string[]) => {
    const id = await make(...more);
    await shell.text(['claim', id, ...billing]);
    return id;
  };

  it('creates by flags', async () => {
    const text = await shell.text(['create', ...toBilling, '--summary', 'Refund 4711', '--priority', 'high']);
    expect(text).toMatch(
      /^[0-9a-f-]{36} {2}created {2}high\n {2}Refund 4711\n {2}from +SalesBot \(sales-01\)\n/,
    );
    const packet = await shell.json(
      [
        ...['create', ...from, '--summary', '-', '--needs', 'refunds', '--tag', 'a,b', '--tag', 'c'],
        ...['--custom', '{"order":4711}', '--ttl', '2h', '--max-attempts', '2', '--reason', 'asked'],
        ...['--conversation', '[{"role":"user","content":"Hello"}]', '--claim-policy', 'open'],
      ],
      'Said on standard input\n',
    );
    expect(packet).toMatchObject({
      status: 'created',
      metadata: { tags: ['a', 'b', 'c'], reason: 'asked' },
      context: {
        summary: 'Said on standard input',
        custom: { order: 4711 },
        conversation_state: [{ role: 'user', content: 'Hello' }],
      },
      routing: { capabilities: ['refunds'] },
      claim_policy: 'open',
      retry: { max_attempts: 2 },
    });
    const life = Date.parse(packet.expires_at) - Date.parse(packet.created_at);
    expect(Math.abs(life - 7_200_000)).toBeLessThan(1_000);
  });

  it('creates by files, flags before them, and once per key', async () => {
    const yaml = join(directory, 'packet.yaml');
    writeFileSync(yaml, 'sourceAgent: sales-01\ntargetAgent: billing-01\nsummary: From YAML\ntags: [x]\n');
    expect(await shell.json(['create', '--file', yaml, '--tag', 'y'])).toMatchObject({
      context: { summary: 'From YAML' },
      metadata: { tags: ['y'], target_agent: { id: 'billing-01' } },
    });
    const body = {
      metadata: {
        source_agent: { id: 's', name: 'S' },
        target_agent: { id: 't', name: 'T' },
        tags: ['kept'],
      },
      context: { summary: 'From JSON' },
    };
    const words = ['create', '--file', '-', '--priority', '9', '--idempotency-key', 'once'];
    const first = await shell.json(words, JSON.stringify(body));
    expect(first).toMatchObject({
      context: { summary: 'From JSON' },
      metadata: { tags: ['kept'], priority_level: 9, source_agent: { id: 's' } },
    });
    expect(await shell.id(words, JSON.stringify(body))).toBe(first.id);
  });

  it('gets, lists and searches', async () => {
    const id = await make('--priority', 'critical', '--tag', 'listed', '--summary', 'A zebra crossing');
    expect(await shell.text(['get', id])).toContain('A zebra crossing');
    expect(await shell.json(['get', id, '--expand'])).toMatchObject({ id, status: 'created' });
    const filter = ['list', '--status', 'created,claimed', '--tag', 'listed', '--sort', 'priority'];
    expect(await shell.json(filter)).toMatchObject({ packets: [{ id }], total: 1, next_cursor: null });
    const lines = (await shell.text(filter)).trimEnd().split('\n');
    expect(lines.map((line) => line.split(/ {2,}/)[0])).toEqual(['ID', id]);
    await make('--tag', 'listed');
    expect((await shell.json([...filter, '--limit', '1'])).packets).toHaveLength(1);
    expect(await shell.text([...filter, '--limit', '1'])).toContain('1 of 2; --all shows everything.');
    expect((await shell.json([...filter, '--all'])).packets).toHaveLength(2);
    expect(await shell.text(['search', 'zebra'])).toMatch(
      new RegExp(`^${id} {2}created {2}A zebra crossing\n.*zebra`),
    );
    expect(await shell.json(['search', 'zebra', 'crossing'])).toMatchObject({ packets: [{ id }] });
  });

  it('works on a packet from its claim to its result', async () => {
    const id = await make();
    expect(await shell.text(['claim', id, ...billing, '--agent-name', 'BillingBot'])).toMatch(
      /claim +BillingBot \(billing-01\), attempt 1\n +claim id \S+/,
    );
    expect(await shell.text(['start', id])).toContain('in_progress');
    expect(await shell.json(['progress', id, '--percent', '40', '--note', 'Half way'])).toMatchObject({
      progress: { percent: 40, note: 'Half way' },
    });
    const file = join(directory, 'result.json');
    writeFileSync(file, '{"refund":"re_981"}');
    expect(await shell.text(['complete', id, '--result', `@${file}`, ...billing])).toContain(
      '"refund": "re_981"',
    );
    expect(await shell.json(['complete', await taken(), '--result', '[1]'])).toMatchObject({ result: [1] });
  });

  it('asks for the claim of a packet with a lease, and takes it from work', async () => {
    const { id, claim } = await shell.json(['claim', await make(), ...billing, '--lease', '5m']);
    expect(claim).toMatchObject({ lease_seconds: 300 });
    expect(await shell.run(['complete', id])).toMatchObject({ code: 1 });
    const other = { HANDOFFRAIL_URL: rail.url, HANDOFFRAIL_API_KEY: rail.key, HANDOFFRAIL_PACKET_ID: id };
    const within = shellOf({ ...other, HANDOFFRAIL_CLAIM_ID: claim.claim_id });
    expect(await within.json(['start', id])).toMatchObject({ status: 'in_progress' });
    expect(await shell.json(['complete', id, '--claim-id', claim.claim_id])).toMatchObject({
      status: 'completed',
    });
  });

  it('fails, rejects, releases, cancels and retries', async () => {
    const failed = await taken('--max-attempts', '1');
    expect(
      await shell.text(['fail', failed, '--reason', 'No bank', '--code', 'bank', '--retryable']),
    ).toContain('No bank');
    expect(await shell.json(['retry', failed, '--reason', 'It is back'])).toMatchObject({
      status: 'created',
    });
    expect(await shell.json(['fail', await taken(), '--reason', 'No'])).toMatchObject({ status: 'failed' });
    const rejected = await make();
    expect(await shell.text(['reject', rejected, ...billing, '--reason', 'Not mine'])).toContain('rejected');
    expect(await shell.text(['retry', rejected])).toContain('created');
    expect(await shell.json(['reject', rejected, '--reason', 'No'])).toMatchObject({ status: 'rejected' });
    expect(await shell.text(['release', await taken(), '--reason', 'Deploy'])).toContain('created');
    expect(await shell.json(['release', await taken(), '--delay', '1m'])).toMatchObject({
      status: 'created',
    });
    expect(await shell.text(['cancel', await make(), '--reason', 'Called off'])).toContain('cancelled');
    expect(await shell.json(['cancel', await make()])).toMatchObject({ status: 'cancelled' });
  });

  it('chains, and shows the chain as a tree', async () => {
    const root = await taken();
    const child = await shell.id([
      'chain',
      root,
      '--source-id',
      'billing-01',
      '--target-id',
      'audit-01',
      '--summary',
      'Check',
    ]);
    const words = ['chain', root, '--source-id', 'billing-01', '--target-id', 'a', '--summary', 'Two'];
    expect(await shell.json([...words, '--inherit', 'decisions,custom'])).toMatchObject({
      parent_packet_id: root,
    });
    expect(await shell.text([...words, '--inherit', 'none'])).toContain(`parent   ${root}`);
    const tree = (await shell.text(['lineage', child])).trimEnd().split('\n');
    expect(tree.map((line) => line.slice(0, 3))).toEqual([root.slice(0, 3), '├─ ', '├─ ', '└─ ']);
    expect(await shell.json(['lineage', child])).toMatchObject({ root_id: root, packet_id: child });
  });

  it('asks people, lists what waits for them and takes their answers', async () => {
    const id = await make('--hitl', 'Refund it?');
    expect(await shell.text(['get', id])).toMatch(/asks +Refund it\?/);
    const { approvals } = await shell.json(['approvals', '--packet', id]);
    expect(approvals).toMatchObject([{ packet_id: id, state: 'open' }]);
    expect(await shell.text(['approvals'])).toContain('Refund it?');
    const answer = ['--response', 'Approved', '--responded-by', 'manager@company.com'];
    expect(await shell.text(['respond', id, ...answer])).toMatch(/answer +Approved, by manager@company.com/);
    const other = await make('--hitl', 'And this?', '--hitl-reason', 'Policy');
    const [{ id: approval }] = (await shell.json(['approvals', '--packet', other])).approvals;
    const link = (
      await shell.text(['links', 'create', approval, '--approver', 'ana', '--expires', '2h', '-q'])
    ).trim();
    expect(await shell.text(['links', 'list', approval])).toMatch(
      /^ID +STATUS +EXPIRES +APPROVER\n.* open .* ana\n$/,
    );
    expect(await shell.json(['links', 'revoke', approval, link])).toEqual({ id: link, revoked: true });
    expect(await shell.json(['links', 'list', approval])).toMatchObject({ links: [{ status: 'revoked' }] });
    expect(await shell.text(['links', 'create', approval, '--approver', 'ana'])).toMatch(
      /ana, until 2\S+ \S+Z\nlink: http\S+ \(not shown again\)\n$/,
    );
    const denial = ['--response', 'No', '--decision', 'deny', '--responded-by', 'ana', '--approval'];
    expect(await shell.json(['respond', approval, ...denial])).toMatchObject({ status: 'failed' });
  });

  it('shows a history, and follows it to its end', async () => {
    const id = await taken();
    expect(await shell.text(['history', id])).toMatch(
      /TIME +EVENT +BY +DETAILS\n\S+ \S+ +created .*\n\S+ \S+ +claimed +billing-01/,
    );
    expect((await shell.json(['history', id])).events).toHaveLength(2);
    const text = shell.start(['history', id, '--follow']);
    const json = shell.start(['history', id, '-f', '--json']);
    await Promise.all([text.said('claimed'), json.said('packet.claimed')]);
    await shell.text(['start', id]);
    await shell.text(['complete', id, '--result', '1']);
    expect((await text.ended).stdout.match(/created|claimed|started|completed/g)).toEqual([
      'created',
      'claimed',
      'started',
      'completed',
    ]);
    const events = (await json.ended).stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(events.map(({ revision }) => revision)).toEqual([1, 2, 3, 4]);
  });

  it('waits for a status, until it cannot come or the time is over', async () => {
    const id = await taken();
    const waiting = shell.start(['wait', id, '--for', 'completed', '--json']);
    const early = await shell.run(['wait', id, '--for', 'completed', '--timeout', '1']);
    expect(early).toMatchObject({ code: 1, stdout: expect.stringContaining('claimed') });
    await shell.text(['complete', id]);
    expect(await waiting.ended).toMatchObject({ code: 0 });
    expect(JSON.parse((await waiting.ended).stdout)).toMatchObject({ id, status: 'completed' });
    const cancelled = await make();
    await shell.text(['cancel', cancelled]);
    const never = await shell.run(['wait', cancelled, '--for', 'completed,failed']);
    expect(never).toMatchObject({ code: 1, stderr: 'It is cancelled, not completed or failed.\n' });
  });

  it('watches what happens until it is interrupted', async () => {
    const text = shell.start(['watch', '--channel', 'agent:watched-01', '--cursor', '0-0']);
    const json = shell.start(['watch', '--channel', 'agent:watched-01', '--cursor', '0-0', '--json']);
    const id = await shell.id(['create', ...from, '--target-id', 'watched-01', '--summary', 'x']);
    await Promise.all([text.said(id), json.said(id)]);
    for (const { child } of [text, json]) child.kill('SIGINT');
    expect(await text.ended).toMatchObject({
      code: 130,
      stderr: '',
      stdout: expect.stringMatching(/created/),
    });
    const [line = ''] = (await json.ended).stdout.split('\n');
    expect(JSON.parse(line)).toMatchObject({ type: 'packet.created', packet_id: id });
    const away = await shell.run(['watch', '--url', 'http://127.0.0.1:1']);
    expect(away).toMatchObject({ code: 3, stderr: expect.stringMatching(/^error: No answer/) });
  });

  it('claims the next packet, and waits for one', async () => {
    const next = ['claim-next', '--agent-id', 'next-01'];
    const give = () => shell.id(['create', ...from, '--target-id', 'next-01', '--summary', 'x']);
    expect(await shell.text([...next, '--wait', '1'])).toBe('There is nothing to do.\n');
    expect(await shell.json(next)).toEqual({ packets: [] });
    const [first, second] = [await give(), await give()];
    const both = await shell.json([...next, '--max', '2', '--lease', '1m']);
    expect(both.packets.map(({ id }: { id: string }) => id).sort()).toEqual([first, second].sort());
    const waiting = shell.start([...next, '--wait', '--quiet']);
    const third = await give();
    expect(await waiting.ended).toMatchObject({ code: 0, stdout: `${third}\n` });
  });

  it('lets go of its waiting when it is interrupted', async () => {
    const waiting = shell.start(['claim-next', '--agent-id', 'gone-01', '--wait']);
    await waiting.said('Waiting for work');
    waiting.child.kill('SIGINT');
    expect(await waiting.ended).toMatchObject({ code: 130 });
    const id = await shell.id(['create', ...from, '--target-id', 'gone-01', '--summary', 'x']);
    expect(await shell.json(['get', id])).toMatchObject({ status: 'created' });
  });
});
