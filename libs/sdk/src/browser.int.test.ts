import { readFileSync } from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { openBrowser, type Rail, startRail, type TestPage } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type * as sdk from './index.js';
import { type PackedSdk, packSdk } from './packed.features.js';

const browser = await openBrowser();
afterAll(() => browser?.close());

/** What the page is given, and what it does there: it sees nothing of this file but its argument. */
interface Given {
  baseUrl: string;
  apiKey: string;
}

interface Page {
  sdk: typeof sdk;
}

const html = `<!doctype html><title>A page</title>
<script type="module">import * as sdk from '/index.js'; globalThis.sdk = sdk;</script>`;

describe.skipIf(browser === undefined)('the package in a real browser', () => {
  let rail: Rail;
  let packed: PackedSdk;
  let pages: Server;
  let origin: string;

  beforeAll(async () => {
    packed = await packSdk();
    pages = createServer(({ url = '/' }, response) => {
      const isScript = url.endsWith('.js');
      response.setHeader('content-type', isScript ? 'text/javascript' : 'text/html');
      response.end(isScript ? readFileSync(join(packed.folder, url)) : html);
    });
    await new Promise<void>((resolve) => pages.listen(0, '127.0.0.1', resolve));
    origin = `http://localhost:${(pages.address() as AddressInfo).port}`;
    rail = await startRail({ env: { HR_DURABILITY: 'relaxed', HR_CORS_ORIGINS: origin } });
  });

  afterAll(async () => {
    await new Promise((resolve) => pages.close(resolve).closeAllConnections());
    packed.remove();
    await rail.stop();
  });

  const open = async (at = origin): Promise<TestPage> => {
    const opened = await browser!.newPage();
    await opened.page.goto(at);
    return opened;
  };

  const given = (): Given => ({ baseUrl: rail.url, apiKey: rail.key });

  it('creates, claims, completes, and hears of it live, from a page of another origin', async () => {
    const { page, troubles } = await open();
    const told = await page.evaluate(async (options) => {
      const { HandoffRail } = (globalThis as unknown as Page).sdk;
      const client = new HandoffRail(options);
      const overSse: string[] = [];
      const overSocket: string[] = [];
      const feed = client.events({ subscribe: 'agent:page-01' });
      const following = (async () => {
        for await (const { type } of feed) if (overSse.push(type) === 4) break;
      })();
      const heard = new Promise<void>((resolve) => {
        const socket = client.socket({
          subscribe: 'agent:page-01',
          onEvent: ({ type }) => {
            if (overSocket.push(type) < 4) return;
            socket.close();
            resolve();
          },
        });
      });
      while (feed.cursor === undefined) await new Promise((resolve) => setTimeout(resolve, 10));
      const packet = await client.createPacket({
        sourceAgent: 'shop',
        targetAgent: 'page-01',
        summary: 'Grüße aus dem Browser',
      });
      const claimed = await client.claimNext({ agentId: 'page-01', leaseSeconds: 60 });
      await client.startPacket(packet.id);
      await client.completePacket(packet.id, { result: { ok: true } });
      const { packets } = await client.listPackets({ targetAgent: 'page-01' });
      await Promise.all([following, heard]);
      return { overSse, overSocket, claimed: claimed.packets.length, packet: packets[0] };
    }, given());
    const types = ['packet.created', 'packet.claimed', 'packet.started', 'packet.completed'];
    expect(told.overSse).toEqual(types);
    expect(told.overSocket.sort()).toEqual([...types].sort());
    expect(told.claimed).toBe(1);
    expect(told.packet).toMatchObject({ status: 'completed', result: { ok: true } });
    expect(troubles).toEqual([]);
  });

  it('runs a worker, reads errors and their headers, and can be aborted', async () => {
    const { page } = await open();
    const told = await page.evaluate(async (options) => {
      const { HandoffRail, HandoffRailError, ValidationError } = (globalThis as unknown as Page).sdk;
      const client = new HandoffRail(options);
      const done = new Promise<string>((resolve) => {
        const worker = client.worker({ agentId: 'page-02' }, ({ context }) => {
          resolve(context.summary);
          void worker.stop();
          return 'done';
        });
        void worker.done;
      });
      const { id } = await client.createPacket({
        sourceAgent: 'a',
        targetAgent: 'page-02',
        summary: 'Do it',
      });
      const worked = await done;
      let status = '';
      while (status !== 'completed') status = (await client.getPacket(id)).status;
      const wrong = await client
        .createPacket({ sourceAgent: 'a', targetAgent: 'b', summary: '' })
        .catch((error: unknown) => error);
      const typed = wrong instanceof ValidationError && wrong instanceof HandoffRailError;
      const requestId = wrong instanceof ValidationError ? wrong.requestId : undefined;
      const ending = new AbortController();
      const waiting = client.claimNext({ agentId: 'page-03', waitSeconds: 20 }, { signal: ending.signal });
      setTimeout(() => ending.abort(new Error('enough')), 100);
      const why = await waiting.catch((error: Error) => error.message);
      return { worked, typed, requestId, why };
    }, given());
    expect(told).toEqual({ worked: 'Do it', typed: true, requestId: expect.any(String), why: 'enough' });
  });

  it('is kept from the rail in a page of an origin that is not named', async () => {
    const { page } = await open(origin.replace('localhost', '127.0.0.1'));
    const refused = await page.evaluate(async (options) => {
      const { HandoffRail } = (globalThis as unknown as Page).sdk;
      const asked = new HandoffRail({ ...options, maxRetries: 0 }).getStats();
      return asked.then(
        () => 'read',
        (error: Error) => error.name,
      );
    }, given());
    expect(refused).toBe('ConnectionError');
  });
});
