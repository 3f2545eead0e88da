import { type ChildProcess, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { findNatsServer } from '#libs/embedded';
import { freePort, smallPacket } from '#libs/testing';
import { connect } from '@nats-io/transport-node';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { startTestGateway, type TestGateway } from '../gateway.features.js';
import { makeKey, NatsAgent } from './nats.features.js';

const root = fileURLToPath(new URL('../../../../', import.meta.url));

type Services = Record<string, { environment: Record<string, string>; volumes?: string[] }>;

/** The environment of each service as Compose makes it, with the secrets that the script prints. */
const readServices = async (): Promise<Services> => {
  const printed = execFileSync(process.execPath, ['deploy/agents-env.mjs'], { cwd: root, encoding: 'utf8' });
  const secrets = new Map(
    printed
      .trim()
      .split('\n')
      .map((line) => line.split('=', 2) as [string, string]),
  );
  const text = await readFile(join(root, 'deploy/agents.compose.yml'), 'utf8');
  const filled = text.replaceAll(/\$\{(\w+):\?\}/g, (_all, name: string) => {
    const value = secrets.get(name);
    if (value === undefined) throw new Error(`nobody makes ${name}`);
    return value;
  });
  return (parse(filled, { merge: true }) as { services: Services }).services;
};

describe('NATS as Compose runs it for agents', () => {
  let services: Services;
  let server: ChildProcess;
  let folder: string;
  let gateway: TestGateway;
  let host: string;
  const here = (url = ''): string => url.replace('nats:4222', host);

  beforeAll(async () => {
    services = await readServices();
    folder = await mkdtemp(join(tmpdir(), `handoffrail-test-${process.pid}-`));
    const [port, monitor] = [await freePort(), await freePort()];
    host = `127.0.0.1:${port}`;
    const config = await readFile(join(root, 'deploy/nats-agents.conf'), 'utf8');
    const file = join(folder, 'nats.conf');
    await writeFile(file, config.replace('store_dir: /data', `store_dir: ${JSON.stringify(folder)}`));
    const places = ['-a', '127.0.0.1', '-p', String(port), '-m', String(monitor)];
    const { path } = await findNatsServer();
    server = spawn(path, ['-c', file, ...places], { env: services['nats']!.environment, stdio: 'ignore' });
    const { NATS_URL, HR_NATS_ISSUER_SEED, HR_NATS_SYSTEM_URL } = services['gateway']!.environment;
    gateway = await startTestGateway({
      NATS_URL: here(NATS_URL),
      HR_NATS_ISSUER_SEED: HR_NATS_ISSUER_SEED ?? '',
      HR_NATS_SYSTEM_URL: here(HR_NATS_SYSTEM_URL),
    });
  }, 60_000);
  afterAll(async () => {
    await gateway?.stop();
    if (server.kill('SIGTERM')) await once(server, 'exit');
    await rm(folder, { recursive: true, force: true });
  });

  it('lets agents in with their keys, the services as themselves, and nobody else', async () => {
    const key = await makeKey(gateway.client(), { name: 'an agent', role: 'writer' });
    const agent = await NatsAgent.connect({ natsUrl: `nats://${host}` }, key);
    expect((await agent.ask('create', { body: smallPacket() })).status).toBe(201);
    await agent.nats.close();
    await expect(connect({ servers: host, reconnect: false })).rejects.toThrow(/authorization/i);
    const { password } = new URL(services['ingestion']!.environment['NATS_URL']!);
    const service = await connect({ servers: host, user: 'handoffrail', pass: password });
    await service.close();
  });

  it('is told to every service, and is the configuration that the server gets', async () => {
    const compose = parse(await readFile(join(root, 'docker-compose.yml'), 'utf8'), { merge: true });
    const whole = compose as { services: Services };
    const wanting = Object.keys(whole.services).filter(
      (name) => whole.services[name]!.environment?.['NATS_URL'],
    );
    expect(wanting.length).toBeGreaterThan(5);
    for (const name of wanting)
      expect(services[name]?.environment['NATS_URL']).toBe(services['gateway']!.environment['NATS_URL']);
    const targetOf = (volume = ''): string | undefined => volume.split(':')[1];
    const [replaced] = services['nats']!.volumes ?? [];
    expect(replaced).toMatch(/^\.\/deploy\/nats-agents\.conf:/);
    expect(whole.services['nats']!.volumes?.map(targetOf)).toContain(targetOf(replaced));
  });
});
