import { execFile } from 'node:child_process';
import { existsSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createClient, type Rail, smallPacket, startRail } from '#libs/testing';

let rail: Rail;
beforeAll(async () => {
  rail = await startRail();
});
afterAll(() => rail?.stop());

const cli = fileURLToPath(new URL('../../../dist/apps/projector/cli.js', import.meta.url));

const runCli = (command: string): Promise<{ code: number; output: string }> =>
  new Promise((resolve) => {
    const env = { PATH: process.env['PATH'], HR_DATA_DIR: rail.dataDir };
    execFile(process.execPath, [cli, command], { env }, (error, stdout, stderr) =>
      resolve({ code: Number(error?.code ?? 0), output: stderr + stdout }),
    );
  });

test('the read models of a plain start are compared and rebuilt without naming its servers', async () => {
  const client = createClient(rail.url, rail.key);
  const { body } = await client.post('packets', smallPacket());
  await client.post(`packets/${body.id}/claim`, { agent_id: 'billing-01' });
  const note = join(rail.dataDir, 'servers.json');
  expect(statSync(note).mode & 0o777).toBe(0o600);
  for (const [command, said] of [
    ['verify', 'what the log says'],
    ['rebuild', 'are rebuilt up to event'],
  ] as const) {
    const { code, output } = await runCli(command);
    expect(output).toContain(`With the servers of the rail that runs on ${rail.dataDir}.`);
    expect(output).toContain(said);
    expect(code, output).toBe(0);
  }
  expect((await client.get('packets')).body).toMatchObject({ total: 1, packets: [{ status: 'claimed' }] });
  await client.close();
  await rail.process.stop('SIGINT');
  expect(existsSync(note)).toBe(false);
  const { code, output } = await runCli('verify');
  expect(code).toBe(2);
  expect(output).toMatch(
    /DATABASE_URL must be .*: no rail runs on HR_DATA_DIR, and the projector started alone needs it\./,
  );
});
