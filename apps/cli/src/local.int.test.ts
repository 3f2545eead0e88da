import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, describe, expect, it } from 'vitest';
import { programWith } from './program.features.js';

interface Handoff {
  id: string;
  status: string;
}

describe('handoffs in a file, from a shell', () => {
  const folder = mkdtempSync(join(tmpdir(), 'handoffrail-cli-'));

  afterAll(() => rmSync(folder, { recursive: true }));

  const file = (name: string) => join(folder, name);
  const inStore = (words: string[]) =>
    words.includes('--store') ? words : [...words, '--store', file('handoffs.json')];
  const run = (words: string[], input = '') => programWith({})(['local', ...inStore(words)], input).ended;
  const done = async (words: string[], input?: string): Promise<string> => {
    const { code, stdout, stderr } = await run(words, input);
    expect({ code, stderr }, words.join(' ')).toEqual({ code: 0, stderr: '' });
    return stdout;
  };
  const json = async <T = Handoff>(words: string[], input?: string): Promise<T> =>
    JSON.parse(await done([...words, '--json'], input)) as T;
  const make = (...more: string[]) =>
    json(['create', '--from', 'sales', '--to', 'billing', '--task', 'Refund order 4711', ...more]);

  it('goes all the way, with a result', async () => {
    const { id, ...made } = await make('--priority', '8', '--context', '{"order":4711}', '--deadline', '2h');
    expect(made).toMatchObject({
      ...{ from: 'sales', to: 'billing', task: 'Refund order 4711', priority: 8, status: 'pending' },
      context: { order: 4711 },
    });
    expect(existsSync(file('handoffs.json'))).toBe(true);
    expect(await done(['accept', id])).toMatch(/^\S+\n +status +accepted\n/);
    expect(await json(['start', id])).toMatchObject({ status: 'in_progress', acceptedBy: 'billing' });
    expect(await json(['complete', id, '--result', '-'], '{"refund":"re_981"}')).toMatchObject({
      status: 'completed',
      result: { refund: 're_981' },
    });
    expect(await done(['status', id])).toMatch(/status +completed\n[^]*result +\{\n +"refund": "re_981"\n/);
    expect(await done(['list', '--status', 'completed', '--quiet'])).toBe(`${id}\n`);
    expect(await done(['list', '--status', 'pending'])).toBe('No handoffs.\n');
    const again = await run(['start', id]);
    expect(again).toMatchObject({ code: 1, stdout: '' });
    expect(again.stderr).toMatch(
      /is completed, which does not allow "start"; nothing more can be done with it\./,
    );
  });

  it('ends otherwise, for a reason', async () => {
    const [one, other] = [await make(), await make()];
    expect(await json(['reject', one.id, '--reason', 'Not ours'])).toMatchObject({
      status: 'rejected',
      reason: 'Not ours',
    });
    await done(['accept', other.id, '--as', 'billing']);
    expect(await done(['fail', other.id, '--reason', 'The bank is away'])).toMatch(
      /status +failed\n[^]*reason +The bank is away\n/,
    );
    expect(
      (await json<{ handoffs: Handoff[] }>(['list'])).handoffs
        .map(({ status }) => status)
        .slice(0, 2)
        .sort(),
    ).toEqual(['failed', 'rejected']);
    expect(await done(['list'])).toMatch(
      /^ID +STATUS +PRIORITY +FROM +TO +AGE +TASK\n.* (failed|rejected) +5 +sales +billing +\d+s +Refund order 4711\n/,
    );
  });

  it('finds somebody who can do it', async () => {
    const waiting = await json([
      'create',
      '--from',
      'sales',
      '--task',
      'Refund it',
      '--needs',
      'refunds',
      '--store',
      file('r.json'),
    ]);
    expect(waiting).toMatchObject({ to: null, status: 'pending' });
    const route = [
      'route',
      '--from',
      'sales',
      '--task',
      'Refund it',
      '--needs',
      'refunds',
      '--store',
      file('r.json'),
    ];
    expect(await done(route)).toMatch(/^Nobody gets it: /);
    expect(
      await done(['register', 'billing-01', '--capability', 'refunds,invoices', '--store', file('r.json')]),
    ).toMatch(/^billing-01\n/);
    expect(await json(['status', waiting.id, '--store', file('r.json')])).toMatchObject({ to: 'billing-01' });
    expect(await done(route)).toMatch(/^billing-01 gets it \(capability, confidence/);
    expect(await json(route)).toMatchObject({ target: { id: 'billing-01' } });
    expect(await done(['agents', '--capability', 'invoices', '--store', file('r.json')])).toMatch(
      /^ID +NAME +CAPABILITIES\nbilling-01 +billing-01 +refunds, invoices\n$/,
    );
    expect(await json(['unregister', 'billing-01', '--store', file('r.json')])).toEqual({
      id: 'billing-01',
      removed: true,
    });
    expect(await json(['agents', '--store', file('r.json')])).toEqual({ agents: [] });
    expect((await run(['unregister', 'billing-01', '--store', file('r.json')])).code).toBe(1);
  });

  it('moves into another file, once', async () => {
    const whole = await done(['export']);
    expect(await json(['export'])).toEqual(JSON.parse(whole));
    const { packets } = JSON.parse(whole) as { packets: unknown[] };
    expect(await json(['import', '-', '--store', file('copy.json')], whole)).toEqual({
      imported: packets.length,
      skipped: 0,
    });
    expect(await done(['import', '-', '--store', file('copy.json')], whole)).toBe(
      `0 imported, ${packets.length} were there already.\n`,
    );
    expect(await json(['list', '--store', file('copy.json')])).toEqual(await json(['list']));
  });

  it('says what is wrong', async () => {
    expect(await run(['create', '--from', 'sales', '--task', 'x'])).toMatchObject({
      code: 2,
      stderr: expect.stringMatching(/^error: Who gets it\? Say --to AGENT/) as string,
    });
    expect((await run(['create', '--from', 'a', '--to', 'b', '--task', 'x', '--priority', '11'])).code).toBe(
      2,
    );
    expect(
      (await run(['create', '--from', 'a', '--to', 'b', '--task', 'x', '--context', '[1]'])).stderr,
    ).toMatch(/^error: --context is no object\./);
    expect((await run(['status', '019ab2f4-6f3e-7c11-9d57-3f7e8a1c2b60'])).code).toBe(1);
    writeFileSync(file('spoilt.json'), '{"format":');
    const spoilt = await run(['list', '--store', file('spoilt.json'), '--json']);
    expect(spoilt.code).toBe(1);
    expect(JSON.parse(spoilt.stderr)).toMatchObject({ error: { code: 'store_corrupt' } });
  });
});
