import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freePort, newApiKey, type Rail, startRail } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { shellOf } from './program.features.js';

const create = ['create', '--source-id', 'sales-01', '--target-id'];

/** Killed, but not yet buried by whoever is in charge of that, it is not alive. */
const isAlive = (pid: number): boolean => {
  const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', `${pid}`], { encoding: 'utf8' });
  return stdout.trim() !== '' && !stdout.trim().startsWith('Z');
};

describe('the program', () => {
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

  const handOver = (target: string, summary: string, ...more: string[]) =>
    shell.id([...create, target, '--summary', summary, ...more]);

  describe('tells what is wrong, and ends with', () => {
    it('1 when the rail refuses', async () => {
      const id = await handOver('b', 'x');
      await shell.text(['claim', id, '--agent-id', 'b']);
      expect(await shell.run(['claim', id, '--agent-id', 'c'])).toEqual({
        code: 1,
        stdout: '',
        stderr:
          'error: The packet is claimed by "b". (already_claimed)\n' +
          'next: Take other work: handoffrail claim-next --agent-id ID\n',
      });
      const { code, stderr } = await shell.run(['retry', id, '--json']);
      expect(code).toBe(1);
      expect(JSON.parse(stderr).error).toMatchObject({
        code: 'invalid_transition',
        status: 409,
        next: expect.stringMatching(/^Possible now: .*complete/),
      });
    });

    it('1 and each field when a packet is wrong', async () => {
      const { code, stderr } = await shell.run([...create, 'b', '--summary', 'x', '--custom', '[1]']);
      expect(code).toBe(1);
      expect(stderr).toMatch(/\n {2}context\.custom: \S/);
    });

    it.each([
      [['nothing'], /^error: unknown command 'nothing'\nnext: See handoffrail --help\n$/],
      [['get'], /^error: missing required argument 'id'\nnext: See handoffrail get --help\n$/],
      [['list', '--limit', '0'], /A whole number from 1 to 200/],
      [['list', '--status', 'done'], /"done" is none of created,/],
      [['create', '--summary', 'x'], /Who hands over\? Say --source-id ID/],
      [['complete', 'x', '--result', 'done'], /--result is no JSON.*\nnext: A text is JSON in quotes/],
      [['create', '--file', '/nowhere.json'], /\/nowhere.json cannot be read \(ENOENT\)/],
      [['list', '--profile', 'other'], /There is no profile "other"/],
      [['list', '--url', 'nowhere'], /"nowhere" is no address of a rail/],
    ])('2 when %j makes no sense', async (words, message) => {
      expect(await shell.run(words)).toMatchObject({
        code: 2,
        stdout: '',
        stderr: expect.stringMatching(message),
      });
    });

    it('2 without a key, and 3 when there is no rail', async () => {
      const url = `http://127.0.0.1:${await freePort()}`;
      const bare = shellOf({ HANDOFFRAIL_URL: url, XDG_CONFIG_HOME: directory });
      expect(await bare.run(['list'])).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('handoffrail login'),
      });
      const away = await bare.run(['list', '--api-key', 'hr_x']);
      expect(away).toMatchObject({ code: 3, stderr: expect.stringContaining('handoffrail serve') });
      const json = await bare.run(['list', '--api-key', 'hr_x', '--json']);
      expect(JSON.parse(json.stderr).error).toMatchObject({ code: 'connection' });
    });
  });

  it('logs in, and talks to the rail of a profile', async () => {
    const home = mkdtempSync(join(directory, 'home-'));
    const user = shellOf({ XDG_CONFIG_HOME: home });
    const file = join(home, 'handoffrail', 'config.toml');
    const login = ['login', '--url', rail.url, '--api-key', '-', '--profile', 'work'];
    const refused = await user.run(login, newApiKey());
    expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('next: Log in') });
    expect(await user.text(login, `${rail.key}\n`)).toContain(`Logged in to ${rail.url} as profile "work".`);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(await user.json(['list', '--limit', '1'])).toHaveProperty('total');
    expect(await user.json(login, rail.key)).toEqual({ profile: 'work', url: rail.url, file });
    const elsewhere = await user.run(['list', '--url', 'http://127.0.0.1:9']);
    expect(elsewhere).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('no API key for http://127.0.0.1:9'),
    });
    expect(readFileSync(file, 'utf8')).toContain('default_profile = "work"');
    writeFileSync(file, 'profiles = 1');
    expect(await user.run(['list'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('not as it should be'),
    });
  });

  describe('work', () => {
    const lines = (text: string) =>
      text
        .trimEnd()
        .split('\n')
        .map((line) => JSON.parse(line));

    it('gives packets to a command, and ends them as it ends', async () => {
      const script =
        'read -r packet; case "$packet" in *good*) echo "{\\"for\\":\\"$HANDOFFRAIL_AGENT_ID\\"}";; ' +
        '*plain*) echo done;; *) echo "no such invoice" >&2; exit 65;; esac';
      const words = ['work', '--agent-id', 'w-1', '--concurrency', '3', '--final-code', '65', '--json'];
      const worker = shell.start([...words, '--', 'sh', '-c', script]);
      const [good, plain, bad] = await Promise.all([
        handOver('w-1', 'good'),
        handOver('w-1', 'plain'),
        handOver('w-1', 'bad'),
      ]);
      for (const id of [good, plain]) await shell.text(['wait', id, '--for', 'completed', '--timeout', '20']);
      await shell.text(['wait', bad, '--for', 'failed', '--timeout', '20']);
      worker.child.kill('SIGTERM');
      const { code, stdout } = await worker.ended;
      expect(code).toBe(0);
      const byPacket = Object.fromEntries(lines(stdout).map((line) => [line.packet_id, line]));
      expect(byPacket).toMatchObject({
        [good]: { outcome: 'done', exit_code: 0 },
        [plain]: { outcome: 'done', exit_code: 0 },
        [bad]: { outcome: 'failed', exit_code: 65, reason: 'sh ended with 65: no such invoice' },
      });
      expect(await shell.json(['get', good])).toMatchObject({ status: 'completed', result: { for: 'w-1' } });
      expect(await shell.json(['get', plain])).toMatchObject({ status: 'completed', result: 'done' });
      expect(await shell.json(['get', bad])).toMatchObject({
        failure: { code: 'exit_65', reason: 'sh ended with 65: no such invoice', retryable: false },
      });
    });

    it('keeps the lease of a long command, and ends a command whose packet is cancelled', async () => {
      const long = await handOver('w-2', 'long');
      const words = ['work', '--agent-id', 'w-2', '--lease', '2', '--grace', '1'];
      const worker = shell.start([...words, '--', 'sh', '-c', 'sleep 30; echo "$1" >&2', 'sh', 'never']);
      await shell.text(['wait', long, '--for', 'claimed', '--timeout', '20']);
      const { claim } = await shell.json(['get', long]);
      await new Promise((resolve) => setTimeout(resolve, 3_500));
      expect((await shell.json(['get', long])).claim).toMatchObject({ claim_id: claim.claim_id });
      await shell.text(['cancel', long]);
      await worker.said('stopped');
      worker.child.kill('SIGINT');
      expect(await worker.ended).toMatchObject({ code: 0, stderr: expect.not.stringContaining('never') });
    });

    it('gives back what it holds when it stops, and when its command cannot be run', async () => {
      const held = await handOver('w-3', 'held');
      const worker = shell.start(['work', '--agent-id', 'w-3', '--grace', '0', '--', 'sleep', '30']);
      await shell.text(['wait', held, '--for', 'claimed', '--timeout', '20']);
      worker.child.kill('SIGTERM');
      expect(await worker.ended).toMatchObject({ code: 0, stdout: expect.stringContaining('stopped') });
      expect(await shell.json(['get', held])).toMatchObject({ status: 'created' });
      const broken = await shell.run(['work', '--agent-id', 'w-3', '--', 'no-such-program']);
      expect(broken).toMatchObject({
        code: 2,
        stderr: expect.stringContaining('no-such-program cannot be run'),
      });
      expect(await shell.json(['get', held])).toMatchObject({ status: 'created' });
    });
  });

  it('ends at once when it is told twice, and its commands with it', async () => {
    const id = await handOver('w-4', 'held');
    const worker = shell.start([
      'work',
      '--agent-id',
      'w-4',
      '--',
      'sh',
      '-c',
      'echo "pid $$" >&2; sleep 60',
    ]);
    await shell.text(['wait', id, '--for', 'claimed', '--timeout', '20']);
    await worker.said('pid ');
    worker.child.kill('SIGTERM');
    await worker.said('Stopping');
    worker.child.kill('SIGTERM');
    const { code, stderr } = await worker.ended;
    expect(code).toBe(130);
    const pid = Number(/pid (\d+)/.exec(stderr)?.[1]);
    expect(pid).toBeGreaterThan(1);
    await expect.poll(() => isAlive(pid)).toBe(false);
  });

  it('serves a rail, until it is told to stop', async () => {
    const port = await freePort();
    const own = shellOf({
      HR_BOOTSTRAP_API_KEY: rail.key,
      HANDOFFRAIL_API_KEY: rail.key,
      HR_DURABILITY: 'relaxed',
    });
    const dataDir = join(directory, 'data');
    const serving = own.start(['serve', '--port', `${port}`, '--data-dir', dataDir]);
    await serving.said('HandoffRail is ready');
    expect(await own.json(['list', '--url', `http://localhost:${port}`])).toMatchObject({
      packets: [],
      total: 0,
    });
    serving.child.kill('SIGTERM');
    expect(await serving.ended).toMatchObject({ code: 0 });
  });

  it('plays its example, on the rail that is there and on one of its own', async () => {
    expect(await shell.text(['demo'])).toMatch(/BillingBot claims it.*\n {2}\S+ {2}claimed\n/);
    const { packets } = await shell.json(['list', '--tag', 'demo']);
    expect(packets.map(({ status }: { status: string }) => status).sort()).toEqual(
      ['awaiting_human', 'claimed', 'completed', 'completed', 'created'].sort(),
    );
    const bare = shellOf({ XDG_CONFIG_HOME: directory });
    const steps = (await bare.text(['demo', '--json', '--pace', '0']))
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line));
    expect(steps[1]).toMatchObject({
      says: expect.any(String),
      packet_id: expect.any(String),
      status: 'created',
    });
    expect(steps.at(-1)).toMatchObject({ total: 5 });
  });

  it.each(['bash', 'zsh', 'fish'])('completes words in %s', async (name) => {
    expect(await shell.text(['completion', name])).toContain('handoffrail __complete --');
    expect((await shell.json(['completion', name])).script).toContain('handoffrail __complete --');
    expect(await shell.text(['__complete', '--', 'claim'])).toBe('claim\nclaim-next\n');
  });

  it('prints help and its version', async () => {
    expect(await shell.text(['--help'])).toContain('Exit codes: 0 done');
    expect(await shell.text(['create', '--help'])).toMatch(
      /--summary <text>[\s\S]*Global Options:[\s\S]*--json/,
    );
    expect(await shell.text(['--version'])).toMatch(/^\d+\.\d+\.\d+\n$/);
  });
});
