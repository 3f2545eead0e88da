import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Rail, startRail } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type ProgramEnd, programWith } from './program.features.js';

describe('what is around packets, from a shell, against a running rail', () => {
  let server: Rail;
  const folder = mkdtempSync(join(tmpdir(), 'handoffrail-cli-'));

  beforeAll(async () => {
    server = await startRail({ env: { HR_DURABILITY: 'relaxed' } });
  });

  afterAll(() => server.stop());

  const as = (key: string) => ({ HANDOFFRAIL_URL: server.url, HANDOFFRAIL_API_KEY: key });
  const run = (words: string[], { key = server.key, input = '' } = {}) =>
    programWith(as(key))(words, input).ended;

  const done = async (words: string[], options?: { key?: string; input?: string }): Promise<string> => {
    const { code, stdout, stderr } = await run(words, options);
    expect({ code, stderr }, words.join(' ')).toEqual({ code: 0, stderr: '' });
    return stdout;
  };
  const json = async (words: string[], options?: { key?: string; input?: string }) =>
    JSON.parse(await done([...words, '--json'], options));
  const refused = async (words: string[], key = server.key): Promise<ProgramEnd & { error: unknown }> => {
    const ended = await run([...words, '--json'], { key });
    return { ...ended, error: (JSON.parse(ended.stderr) as { error: unknown }).error };
  };

  const fileWith = (name: string, content: unknown): string => {
    const path = join(folder, name);
    writeFileSync(path, JSON.stringify(content));
    return path;
  };

  it('registers, finds, routes to and removes agents', async () => {
    const words = [
      'agents',
      'register',
      'refunds-01',
      '--name',
      'RefundBot',
      '--capability',
      'refunds,billing',
    ];
    const card = await done([...words, '--max-concurrency', '4', '--metadata', '{"team":"crm"}']);
    expect(card).toMatch(/^refunds-01\n/);
    expect(card).toMatch(/capabilities +refunds, billing\n/);
    expect(await json(['agents', 'get', 'refunds-01'])).toMatchObject({
      ...{ id: 'refunds-01', name: 'RefundBot', capabilities: ['refunds', 'billing'], present: true },
      ...{ max_concurrency: 4, metadata: { team: 'crm' } },
    });
    expect(await done(['agents', 'get', 'refunds-01'])).toBe(card);
    await json(['agents', 'register', 'sales-02']);
    expect(await done(['agents', 'list', '--capability', 'refunds', '--present'])).toBe(
      'ID          NAME       PRESENCE  CAPABILITIES\n' +
        'refunds-01  RefundBot  present   refunds, billing\n',
    );
    expect(await json(['agents', 'list'])).toMatchObject({ total: 2, next_cursor: null });
    expect(await done(['agents', 'list', '--absent'])).toBe('No agents.\n');
    expect(await done(['agents', 'list', '--limit', '1', '--quiet'])).toBe('refunds-01\n');
    expect(await done(['agents', 'list', '--limit', '1'])).toMatch(/\n1 of 2; --all shows everything\.\n$/);

    const route = [
      'agents',
      'route',
      '--source-id',
      'sales-01',
      '--summary',
      'Refund it',
      '--needs',
      'refunds',
    ];
    expect(await done(route)).toMatch(/^refunds-01 gets it \(capability, confidence 0\.\d\d\)\n\nAGENT/);
    expect(await json(route)).toMatchObject({ target: { id: 'refunds-01' }, strategy: 'capability' });

    expect(await done(['agents', 'remove', 'sales-02'])).toBe('Removed sales-02.\n');
    expect(await json(['agents', 'remove', 'refunds-01'])).toEqual({ id: 'refunds-01', removed: true });
    expect(await refused(['agents', 'get', 'refunds-01'])).toMatchObject({
      code: 1,
      error: { code: 'not_found', status: 404 },
    });
    expect(await done(route)).toMatch(/^Nobody gets it: /);
  });

  it('makes, lists, rotates and revokes keys, which then work or do not', async () => {
    const text = await done(['keys', 'create', '--name', 'reports', '--role', 'reader', '--expires', '30d']);
    const key = text.split('\n')[0]!;
    expect(key).toMatch(/^hr_/);
    expect(await done(['stats'], { key })).toMatch(/^\d+ packets/);
    const made = await json(['keys', 'create', '--name', 'billing', '--agent-id', 'billing-01']);
    expect(made).toMatchObject({ role: 'agent', agent_id: 'billing-01', name: 'billing', status: 'live' });
    expect(await done(['keys', 'list'])).toMatch(
      new RegExp(`${String(made['prefix'])}… +live +agent +billing-01 +never +billing\n`),
    );
    expect(await json(['keys', 'list', '--limit', '1'])).toMatchObject({ keys: [{ id: made['id'] }] });

    const rotated = await json(['keys', 'rotate', made['id'], '--grace', '1h']);
    expect(rotated).toMatchObject({ replaces: made['id'] });
    expect(await done(['keys', 'rotate', rotated['id']])).toMatch(/replaces +/);
    const id = String((await json(['keys', 'list', '--limit', '1']))['keys']![0]!['id']);
    expect(await done(['keys', 'revoke', id])).toBe(`Revoked ${id}.\n`);
    expect(await json(['keys', 'revoke', id])).toEqual({ id, revoked: true });
    expect(await done(['keys', 'list', '--all'])).toMatch(new RegExp(`${id} .* revoked `));
    const reader = await refused(['keys', 'list'], key);
    expect(reader).toMatchObject({ code: 1, error: { code: 'forbidden', status: 403 } });
  });

  it('changes keys, and takes their end away', async () => {
    const { id } = await json(['keys', 'create', '--name', 'old', '--role', 'reader', '--expires', '1d']);
    const update = ['keys', 'update', id];
    expect(await json([...update, '--name', 'new', '--expires', 'never'])).toMatchObject({
      name: 'new',
      role: 'reader',
    });
    expect(await json(update.concat('--role', 'writer'))).not.toHaveProperty(
      'expires_at',
      expect.any(String),
    );
    expect(await done([...update, '--expires', '2h'])).toMatch(
      /^hr_\S+…\n[^]*name +new\n +status +live\n +role +writer\n[^]*until +2/,
    );
  });

  it('restricts who may hand to whom, and lifts it', async () => {
    expect(await done(['agents', 'edges'])).toBe('Every handoff is allowed.\n');
    const allow = ['agents', 'edges', '--allow', 'sales-01:billing-01', '--allow', '*:human'];
    expect(await done(allow)).toBe('FROM      TO\nsales-01  billing-01\n*         human\n');
    expect(await json(['agents', 'edges'])).toMatchObject({
      edges: [
        { from: 'sales-01', to: 'billing-01' },
        { from: '*', to: 'human' },
      ],
    });
    expect(await refused(['create', '--source-id', 'x', '--target-id', 'y', '--summary', 'z'])).toMatchObject(
      { code: 1, error: { code: 'edge_not_allowed' } },
    );
    expect(await json(['agents', 'edges', '--lift'])).toMatchObject({ edges: null });
    expect((await run(['agents', 'edges', '--allow', 'nobody'])).code).toBe(2);
  });

  it('makes, changes, shows and closes tenants', async () => {
    const made = await json([
      'tenants',
      'create',
      '--name',
      'Acme',
      '--limit',
      'packets_per_day=7',
      '--limit',
      'keys=none',
    ]);
    expect(made).toMatchObject({ tier: 'free', limits: { packets_per_day: 7, keys: null, agents: 2 } });
    const id = String(made['id']);
    expect(await done(['tenants', 'update', id, '--tier', 'pro', '--no-limits', '--ttl', '7d'])).toMatch(
      /tier +pro\n[^]*time to live +604800 s[^]*packets_per_day unlimited\n/,
    );
    expect(await json(['tenants', 'update', id, '--ttl', 'none'])).toMatchObject({ overrides: {} });
    expect(await json(['tenants', 'get', id])).toMatchObject({ id, name: 'Acme', tier: 'pro' });
    expect(await done(['tenants', 'list'])).toMatch(new RegExp(`${id} +pro +.* +Acme\n`));
    const key = String(
      (await json(['keys', 'create', '--name', 'a', '--role', 'admin', '--tenant', id]))['key'],
    );
    expect(await done(['usage'], { key })).toMatch(/^Tier pro\n\nLIMIT[^]*keys +1 +5\n/);
    expect(await json(['usage'], { key })).toMatchObject({ tier: 'pro', keys: { used: 1, limit: 5 } });
    expect(await done(['tenants', 'keys', id])).toMatch(/ live +admin +- +/);
    expect(await json(['tenants', 'remove', id])).toEqual({ id, removed: true });
    expect((await run(['tenants', 'create', '--name', 'x', '--limit', 'much'])).code).toBe(2);
  });

  it('registers, shows and removes schemas', async () => {
    const schema = { type: 'object', required: ['custom'] };
    const made = await json(['schemas', 'register', 'refund', '--file', fileWith('refund.json', schema)]);
    expect(made).toMatchObject({ name: 'refund', version: 1, json_schema: schema });
    const yaml = await done(['schemas', 'register', 'refund', '--file', '-'], { input: '{"type":"object"}' });
    expect(yaml).toMatch(/version +2\n/);
    expect(await done(['schemas', 'list', '--name', 'refund'])).toMatch(
      /ID +VERSION +CREATED +NAME\n.* 1 .*refund\n/,
    );
    expect(await json(['schemas', 'list'])).toMatchObject({ total: 2 });
    expect(await done(['schemas', 'get', made['id']])).toMatch(/"required": \[/);
    expect(await done(['schemas', 'remove', made['id']])).toMatch(/^Removed /);
    expect(await refused(['schemas', 'get', made['id']])).toMatchObject({ code: 1 });
  });

  it('tells how it stands', async () => {
    await done(['create', '--source-id', 'sales-01', '--target-id', 'billing-01', '--summary', 'Upgrade']);
    expect(await json(['stats'])).toMatchObject({ total: 1, by_status: { created: 1 } });
    expect(await done(['stats'])).toMatch(/^1 packets\n +by status +1 created\n/);
  });

  it('shows the audit by filters, and exports what the server would', async () => {
    const entries = await json(['audit', '--action', 'control.*', '--result', 'denied']);
    expect(entries).toMatchObject({ entries: [{ action: 'control.list_keys', outcome: 'refused' }] });
    const text = await done(['audit', '--since', '1h', '--all']);
    expect(text).toMatch(/^TIME +ACTION +RESULT +BY +ABOUT\n/);
    expect(text).toMatch(/ packet\.created +done /);
    expect(await done(['audit', '--until', '2020-01-01T00:00:00Z'])).toBe('Nothing in the audit.\n');

    // Only what is over: the requests of this test are not in it.
    const filter = ['--action', 'agents.*'];
    for (const format of ['csv', 'jsonl']) {
      const url = `${server.url}/api/v1/audit?action=agents.*&format=${format}`;
      const theirs = await (await fetch(url, { headers: { 'x-api-key': server.key } })).text();
      const ours = await done(['audit', ...filter, '--format', format]);
      expect(theirs.length).toBeGreaterThan(200);
      expect(format === 'csv' ? ours : linesIn(ours)).toEqual(format === 'csv' ? theirs : linesIn(theirs));
    }
  });

  const linesIn = (text: string) =>
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as unknown);

  it('finds out how a rail is, and what a key may do', async () => {
    const whole = await json(['doctor']);
    expect(whole).toMatchObject({
      ok: true,
      exit_code: 0,
      url: server.url,
      may: { read: true, operate: true },
    });
    const names = (whole['checks'] as { name: string; state: string }[]).map(
      ({ name, state }) => `${name} ${state}`,
    );
    const expected = ['server', 'clock', 'key', 'reads', 'permissions', 'versions', 'parts', 'lag'];
    expect(names).toEqual(expected.map((name) => `${name} ok`));

    for (const [role, may] of Object.entries({
      reader: { read: true, work: false, write: false, administer: false, operate: false },
      agent: { read: true, work: true, write: false, administer: false, operate: false },
      writer: { read: true, work: true, write: true, administer: false, operate: false },
      admin: { read: true, work: true, write: true, administer: true, operate: false },
    })) {
      const key = String((await json(['keys', 'create', '--name', role, '--role', role]))['key']);
      expect(await json(['doctor'], { key })).toMatchObject({ ok: true, may });
      expect(await done(['doctor'], { key })).toMatch(
        /lag +unknown +Only a key of a platform admin may ask\.\n/,
      );
    }

    const unknown = await run(['doctor'], { key: 'hr_nobody' });
    expect(unknown.code).toBe(1);
    expect(unknown.stdout).toMatch(/server +ok [^]*key +failed +.*\n +next: Log in with a key/);
    const away = await programWith({})([
      'doctor',
      '--url',
      'http://127.0.0.1:1',
      '--api-key',
      'hr_x',
      '--json',
    ]).ended;
    expect(away.code).toBe(3);
    expect(JSON.parse(away.stdout)).toMatchObject({
      ok: false,
      checks: [{ name: 'server', state: 'failed' }],
    });
  });

  it('moves packets: live ones are made anew, once, under their parents, and ask people again', async () => {
    const make = (...more: string[]) =>
      json([
        'create',
        '--source-id',
        's',
        '--target-id',
        'b',
        '--summary',
        'To move',
        '--tag',
        'move',
        ...more,
      ]);
    const parent = await make('--custom', '{"order":1}', '--priority', '9', '--ttl', '7d');
    await done(['claim', parent['id'], '--agent-id', 'b']);
    await make('--hitl', 'May it?');
    const child = await done([
      'chain',
      parent['id'],
      '--source-id',
      'b',
      '--target-id',
      'c',
      '--agent-id',
      'b',
      '--tag',
      'move',
      '--summary',
      'Part',
      '--quiet',
    ]);
    const over = await make();
    await done(['cancel', over['id']]);

    const lines = await done(['export', '--tag', 'move']);
    const exported = linesIn(lines) as {
      packet: Record<string, unknown>;
      events: { event_type: string }[];
    }[];
    expect(exported.map(({ packet }) => packet['status'])).toEqual([
      ...['claimed', 'awaiting_human', 'created', 'cancelled'],
    ]);
    expect(exported[0]!.events.map(({ event_type }) => event_type)).toEqual([
      ...['packet.created', 'packet.claimed', 'packet.chained'],
    ]);
    expect(linesIn(await done(['export', '--tag', 'move', '--status', 'cancelled']))).toHaveLength(1);

    const outcome = await json(['import', '-'], { input: lines });
    expect(outcome).toMatchObject({
      created: [{ from: parent['id'] }, {}, { from: child.trim() }],
      left_out: [{ id: over['id'], status: 'cancelled' }],
      errors: [],
    });
    const [first, second, third] = (outcome['created'] as { id: string }[]).map(({ id }) => id);
    const copy = await json(['get', first!]);
    expect(copy).toMatchObject({
      status: 'created',
      metadata: { priority_level: 9, tags: ['move'], source_agent: { id: 's' } },
      context: { summary: 'To move', custom: { order: 1 } },
      expires_at: exported[0]!.packet['expires_at'],
    });
    expect(await json(['get', second!])).toMatchObject({
      status: 'awaiting_human',
      hitl: { question: 'May it?' },
    });
    expect(await json(['get', third!])).toMatchObject({
      parent_packet_id: first,
      context: { summary: 'Part', custom: { order: 1 } },
    });
    expect(await json(['import', '-'], { input: lines })).toEqual(outcome);
    expect(await done(['import', '--ended', fileWithText('moved.jsonl', lines)])).toBe('4 packets made.\n');

    const spoilt = lines.replace('"summary":"Part"', '"summary":""');
    const partly = await run(['import', '-'], { input: spoilt });
    expect(partly).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/refused [0-9a-f-]+: /) as string,
    });
    expect((await run(['import', '-'], { input: `${lines}{}\n` })).stderr).toMatch(
      /^error: Line 5 is no packet/,
    );
  });

  const fileWithText = (name: string, text: string): string => {
    const path = join(folder, name);
    writeFileSync(path, text);
    return path;
  };

  it('shows what there is to do in each group', async () => {
    for (const group of ['agents', 'hooks', 'keys', 'tenants', 'schemas', 'local']) {
      const { stdout, code } = await run([group, '--help']);
      expect({ code, group }).toEqual({ code: 0, group });
      expect(stdout).toMatch(new RegExp(`^Usage: handoffrail ${group}`));
    }
    expect(await refused(['agents', 'sing'])).toMatchObject({ code: 2, error: { code: 'usage' } });
  });
});
