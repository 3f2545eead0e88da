import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type Rail, startRail } from '#libs/testing';
import { Webhook } from 'standardwebhooks';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { programWith, type RunningProgram } from './program.features.js';

const secret = `whsec_${Buffer.from('a secret of thirty-two bytes, yes').toString('base64')}`;

interface Message {
  id: string;
  type: string;
  packet_id: string;
  revision: number;
  data: { packet?: { id: string; status: string }; packet_id?: string };
}

/** A receiver that checks signatures, as users write one. */
class Receiver {
  readonly got: Message[] = [];
  status = 204;
  #server: Server | undefined;

  async listen(): Promise<number> {
    const server = createServer((request, response) => {
      let body = '';
      request.setEncoding('utf8').on('data', (text: string) => (body += text));
      request.on('end', () => {
        const headers = request.headers as Record<string, string>;
        this.got.push(new Webhook(secret).verify(body, headers) as Message);
        response.writeHead(this.status).end();
      });
    });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    this.#server = server;
    return (server.address() as AddressInfo).port;
  }

  async stop(): Promise<void> {
    this.#server?.closeAllConnections();
    await new Promise((resolve) => this.#server?.close(resolve));
  }
}

describe('webhooks from a shell, against a running rail', () => {
  let server: Rail;
  let port: number;
  const receiver = new Receiver();
  const started: RunningProgram[] = [];

  beforeAll(async () => {
    port = await receiver.listen();
    server = await startRail({
      env: {
        HR_DURABILITY: 'relaxed',
        HR_WEBHOOK_ALLOW_PRIVATE: '127.0.0.1/32',
        HR_WEBHOOK_RETRY_SECONDS: '1',
      },
    });
  });

  afterAll(async () => {
    for (const { child } of started) child.kill('SIGKILL');
    await server?.stop();
    await receiver.stop();
  });

  const env = () => ({ HANDOFFRAIL_URL: server.url, HANDOFFRAIL_API_KEY: server.key });
  const run = (words: string[]) => programWith(env())(words).ended;
  const done = async (words: string[]): Promise<string> => {
    const { code, stdout, stderr } = await run(words);
    expect({ code, stderr }, words.join(' ')).toEqual({ code: 0, stderr: '' });
    return stdout;
  };
  const json = async (words: string[]) => JSON.parse(await done([...words, '--json']));
  const make = (...more: string[]) =>
    json(['create', '--source-id', 'sales-01', '--target-id', 'billing-01', '--summary', 'Upgrade', ...more]);
  const create = (...more: string[]) =>
    json(['hooks', 'create', `http://127.0.0.1:${port}/rail`, '--secret', secret, ...more]);

  const until = async (holds: () => boolean | Promise<boolean>, what: string): Promise<void> => {
    const end = Date.now() + 20_000;
    while (!(await holds())) {
      if (Date.now() > end) throw new Error(`It did not come to this: ${what}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  };

  it('makes, lists, shows and removes webhooks', async () => {
    const card = await done([
      ...['hooks', 'create', `http://127.0.0.1:${port}/rail`, '--event', 'packet.completed,packet.failed'],
      ...['--source-agent', 'sales-01', '--tag', 'vip', '--priority', 'high', '--thin', '--ordered'],
      ...['--rate', '5', '--header', 'X-Token: 4711', '--description', 'Tells the CRM'],
    ]);
    expect(card).toMatch(/events +packet\.completed, packet\.failed\n/);
    expect(card).toMatch(/only +source_agent sales-01, tags vip, priority high\n/);
    expect(card).toMatch(/\nsecret: whsec_\S+ \(not shown again\)\n$/);
    const id = (await done(['hooks', 'list', '--quiet'])).trim();
    expect(await json(['hooks', 'get', id])).toMatchObject({
      ...{ id, payload: 'thin', ordered: true, rate_per_second: 5, header_names: ['X-Token'] },
      filter: { source_agent: 'sales-01', tags: ['vip'], priority: 'high' },
    });
    expect(await done(['hooks', 'get', id])).not.toMatch(/secret/);
    expect(await done(['hooks', 'update', id, '--event', 'packet.failed', '--no-ordered'])).toMatch(
      /events +packet\.failed\n/,
    );
    expect(await json(['hooks', 'update', id, '--payload', 'full', '--rate', '7'])).toMatchObject({
      ...{ payload: 'full', rate_per_second: 7, ordered: false, events: ['packet.failed'] },
      filter: { source_agent: 'sales-01' },
      header_names: ['X-Token'],
    });
    expect(await done(['hooks', 'list', '--status', 'active'])).toMatch(
      /^ID +STATUS +EVENTS +URL\n.* active /,
    );
    expect(await done(['hooks', 'rotate', id, '--grace', '1h'])).toMatch(
      /^secret: whsec_\S+ \(not shown again; the old one signs until 2\S+ \S+Z\)\n$/,
    );
    expect(await json(['hooks', 'rotate', id, '--grace', '0'])).toMatchObject({
      hook_id: id,
      previous_secret_until: null,
    });
    expect(await json(['hooks', 'remove', id])).toEqual({ id, removed: true });
    expect(await json(['hooks', 'enable', id])).toMatchObject({ status: 'active' });
    expect(await done(['hooks', 'remove', id])).toBe(`Removed ${id}.\n`);
    expect(await json(['hooks', 'list'])).toMatchObject({ hooks: [], total: 0 });
    expect((await run(['hooks', 'create', 'http://127.0.0.1:9', '--header', 'nonsense'])).code).toBe(2);
    expect((await run(['hooks', 'create', 'http://10.0.0.1/'])).code).toBe(1);
  });

  it('tests a webhook and tells what it answered', async () => {
    const { id } = await create('--event', 'packet.expired');
    expect(await done(['hooks', 'test', id!])).toMatch(
      /status +delivered\n +event +hook\.test\n +answers +204 in /,
    );
    expect(await json(['hooks', 'test', id!])).toMatchObject({
      status: 'delivered',
      attempts: [{ status_code: 204 }],
    });
    receiver.status = 500;
    const failed = await run(['hooks', 'test', id!]);
    expect(failed).toMatchObject({ code: 1, stdout: expect.stringMatching(/answers +500 in /) as string });
    receiver.status = 204;
    expect(await done(['hooks', 'deliveries', id!])).toMatch(/^ID +STATUS +EVENT +AGE +TRIES +LAST ANSWER\n/);
    await done(['hooks', 'remove', id!]);
  });

  it('shows what was given up, and sends it again', async () => {
    receiver.status = 500;
    const { id } = await create('--event', 'packet.created');
    const packet = await make();
    const deadLetters = () =>
      json(['hooks', 'dead-letters']) as Promise<{ deliveries: { id: string; packet_id: string }[] }>;
    await until(
      async () => (await deadLetters()).deliveries.some(({ packet_id }) => packet_id === packet['id']),
      'a dead letter',
    );
    receiver.status = 204;
    const [letter] = (await deadLetters()).deliveries;
    expect(await done(['hooks', 'dead-letters'])).toMatch(/ dead_letter +\S+ +.* 500 in /);
    expect(await done(['hooks', 'replay', letter!.id])).toBe(`Sent as delivery ${letter!.id}.\n`);
    const delivered = async () =>
      (await json(['hooks', 'deliveries', id!, '--status', 'delivered']))['deliveries'] as unknown[];
    await until(async () => (await delivered()).length === 1, 'a delivery');

    expect(await json(['hooks', 'replay', '--hook', id!, '--since', '1h'])).toEqual({
      deliveries: expect.any(Number) as number,
    });
    expect(await done(['hooks', 'replay', '--hook', id!, '--since', '1h', '--missing'])).toMatch(
      /^What it missed since /,
    );
    for (const words of [[], ['--hook', id!], [letter!.id, '--hook', id!]])
      expect((await run(['hooks', 'replay', ...words])).code).toBe(2);
    await done(['hooks', 'remove', id!]);
  });

  const listen = async (...words: string[]): Promise<RunningProgram> => {
    const program = programWith(env())(['hooks', 'listen', `${port}/local`, '--secret', secret, ...words]);
    started.push(program);
    await program.said('\n');
    return program;
  };

  it('forwards what a webhook asks for to a port, signed, in order, with ids of the events', async () => {
    const { id } = await create('--event', 'packet.created,packet.in_progress', '--source-agent', 'sales-01');
    // Not from the rail: it would send the same.
    await done(['hooks', 'remove', id!]);
    receiver.got.length = 0;
    const program = await listen('--hook', id, '--json');
    const packet = await until(async () => {
      await make();
      return receiver.got.length > 0;
    }, 'an event').then(() => make('--priority', 'high'));
    const packetId = String(packet['id']);
    await done(['claim', packetId, '--agent-id', 'billing-01']);
    await done(['start', packetId, '--agent-id', 'billing-01']);
    const mine = () => receiver.got.filter(({ packet_id }) => packet_id === packetId);
    await until(() => mine().some(({ type }) => type === 'packet.in_progress'), 'both events');
    expect(mine().map(({ type, revision }) => [type, revision])).toEqual([
      ['packet.created', 1],
      ['packet.in_progress', 3],
    ]);
    expect(mine()[1]!.data.packet).toMatchObject({ id: packetId, status: 'in_progress' });
    const { events } = (await json(['history', packetId])) as unknown as { events: { id: string }[] };
    expect(mine().map((message) => message.id)).toEqual([events[0]!.id, events[2]!.id]);

    program.child.kill('SIGINT');
    const { code, stdout } = await program.ended;
    expect(code).toBe(130);
    const lines = stdout
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line) as Record<string, unknown>);
    expect(lines[0]).toEqual({ forwarding_to: `http://127.0.0.1:${port}/local`, secret });
    expect(lines.at(-1)).toMatchObject({
      type: 'packet.in_progress',
      packet_id: packetId,
      revision: 3,
      status_code: 204,
      error: null,
    });
  });

  it('tells when nobody listens there, and goes on', async () => {
    receiver.got.length = 0;
    receiver.status = 503;
    const program = await listen('--event', 'packet.created', '--thin');
    await until(async () => {
      await make();
      return /packet\.created {2}\S+ {2}503 in \d+ ms/.test(program.stdout());
    }, 'a refusal');
    expect(receiver.got[0]!.data).toEqual({ packet_id: receiver.got[0]!.packet_id });
    receiver.status = 204;
    await until(async () => {
      await make();
      return / 204 in \d+ ms\n/.test(program.stdout());
    }, 'a success');
    program.child.kill('SIGTERM');
    expect((await program.ended).code).toBe(130);
    expect((await run(['hooks', 'listen', 'nowhere'])).code).toBe(2);
    expect((await run(['hooks', 'listen', '9', '--url', 'http://127.0.0.1:1'])).code).toBe(3);
  });
});
