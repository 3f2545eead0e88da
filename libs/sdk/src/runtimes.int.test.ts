import { execFile } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Rail, startRail } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findBun, type PackedSdk, packSdk } from './packed.features.js';

// What a program does in a minute of its life. It ends by itself, or the test does not.
const program = `
import { HandoffRail, NotFoundError, verifyWebhook, HandoffPacket } from './index.js';
import { LocalRail } from './local.js';

const { RAIL_URL: baseUrl, RAIL_KEY: apiKey } = process.env;
const rail = new HandoffRail({ baseUrl, apiKey });
const seen = [];
const ending = new AbortController();
const feed = rail.events({ subscribe: 'agent:runtime-01', signal: ending.signal });
const following = (async () => {
  for await (const event of feed) if (seen.push(event.type) === 3) break;
})();
while (feed.cursor === undefined) await new Promise((resolve) => setTimeout(resolve, 10));

const heard = [];
let opened;
const isOpen = new Promise((resolve) => (opened = resolve));
const socket =
  globalThis.WebSocket &&
  rail.socket({ subscribe: 'agent:runtime-01', onOpen: opened, onEvent: ({ type }) => heard.push(type) });
if (socket) await isOpen;

const worker = rail.worker({ agentId: 'runtime-01', leaseSeconds: 5 }, ({ context }) => ({ echo: context.summary }));
const packet = await rail.createPacket(
  HandoffPacket.builder().fromAgent('a').toAgent('runtime-01').withSummary('Grüße').build(),
);
await following;
await worker.stop();
const { result } = await rail.getPacket(packet);
while (socket && heard.length < 3) await new Promise((resolve) => setTimeout(resolve, 10));
socket?.close();

const missing = await rail.getPacket('019ab2f4-6f3e-7c11-9d57-3f7e8a1c2b60').catch((error) => error);
const aborted = rail.claimNext({ agentId: 'b', waitSeconds: 20 }, { signal: AbortSignal.timeout(100) });
const why = await aborted.catch((error) => error.name);
const forged = await verifyWebhook('{}', {}, 'whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw').catch((error) => error.name);
const local = await new LocalRail().createPacket({ sourceAgent: 'a', targetAgent: 'b', summary: 'c' });
const facts = { result, seen, heard: socket ? heard : null, missing: missing instanceof NotFoundError, why, forged };
console.log(JSON.stringify({ ...facts, local: local.status }));
`;

const events = ['packet.created', 'packet.claimed', 'packet.completed'];

describe('the package', () => {
  let server: Rail;
  let packed: PackedSdk;

  beforeAll(async () => {
    [server, packed] = await Promise.all([startRail({ env: { HR_DURABILITY: 'relaxed' } }), packSdk()]);
    writeFileSync(join(packed.folder, 'program.mjs'), program);
  });

  afterAll(async () => {
    packed.remove();
    await server.stop();
  });

  const runWith = async (command: string): Promise<Record<string, unknown>> => {
    const env = { PATH: process.env['PATH'], RAIL_URL: server.url, RAIL_KEY: server.key };
    const { stdout } = await promisify(execFile)(command, ['program.mjs'], {
      cwd: packed.folder,
      env,
      timeout: 40_000,
    });
    return JSON.parse(stdout) as Record<string, unknown>;
  };

  const whole = {
    result: { echo: 'Grüße' },
    seen: events,
    missing: true,
    why: 'TimeoutError',
    forged: 'WebhookVerificationError',
    local: 'created',
  };

  it('does its work on Node, and holds nothing open at the end', async () => {
    expect(await runWith(process.execPath)).toMatchObject(whole);
  });

  const bun = findBun();

  it.skipIf(bun === undefined)('does the same on Bun', async () => {
    expect(await runWith(bun!)).toEqual({ ...whole, heard: events });
  });
});
