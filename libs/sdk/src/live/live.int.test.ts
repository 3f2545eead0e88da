import { createServer, connect, type AddressInfo, type Socket } from 'node:net';
import { type Rail, startRail } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import { HandoffRail } from '../client.js';
import { AuthenticationError, type HandoffRailError, PermissionError } from '../errors.js';
import type { FeedEvent, PacketFeedEvent } from './feed-events.js';
import type { SocketLike, SocketOptions } from './live-socket.js';

const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
const Ws = WebSocket as unknown as new (url: string) => SocketLike;

/** A way to the rail that can be cut. */
const startBridge = async (url: string) => {
  const open = new Set<Socket>();
  const server = createServer((near) => {
    const far = connect(Number(new URL(url).port), '127.0.0.1');
    for (const socket of [near, far]) {
      open.add(socket);
      socket
        .on('error', () => undefined)
        .on('close', () => (near.destroy(), far.destroy(), open.delete(socket)));
    }
    near.pipe(far).pipe(near);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const cut = () => {
    for (const socket of open) socket.destroy();
  };
  const close = () => (cut(), new Promise((resolve) => server.close(resolve)));
  return { url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`, cut, close };
};

describe('live feeds', () => {
  let server: Rail;
  let rail: HandoffRail;
  let bridge: Awaited<ReturnType<typeof startBridge>>;
  let behind: HandoffRail;

  beforeAll(async () => {
    server = await startRail({ env: { HR_DURABILITY: 'relaxed' } });
    rail = new HandoffRail({ baseUrl: server.url, apiKey: server.key });
    bridge = await startBridge(server.url);
    behind = new HandoffRail({ baseUrl: bridge.url, apiKey: server.key });
  });

  afterAll(async () => {
    await bridge.close();
    await server.stop();
  });

  const make = (targetAgent: string) =>
    rail.createPacket({ sourceAgent: 'boss', targetAgent, summary: 'Work' });
  const makeMany = async (agent: string, disturb: () => void): Promise<string[]> => {
    const ids: string[] = [];
    for (let n = 0; n < 40; n += 1) {
      ids.push((await make(agent)).id);
      if (n % 8 === 4) disturb();
      await pause(20);
    }
    return ids;
  };

  it('tell every event once, in order, however often the connection is cut', async () => {
    const ending = new AbortController();
    let cuts = 0;
    const feed = behind.events({
      subscribe: 'agent:cut-01',
      signal: ending.signal,
      onReconnect: () => (cuts += 1),
    });
    const seen: string[] = [];
    const following = (async () => {
      for await (const event of feed) if (event.type === 'packet.created') seen.push(event.packet_id);
    })();
    while (feed.cursor === undefined) await pause(10);
    const ids = await makeMany('cut-01', bridge.cut);
    while (seen.length < ids.length) await pause(20);
    ending.abort(new Error('enough'));
    await expect(following).rejects.toThrow('enough');
    expect(seen).toEqual(ids);
    expect(cuts).toBeGreaterThan(2);
  });

  it('go on in another process behind a cursor, and say where one cannot be used', async () => {
    const first = await make('resumed-01');
    const second = await make('resumed-01');
    const events: FeedEvent[] = [];
    for await (const event of rail.events({ subscribe: ['agent:resumed-01'], cursor: first.position })) {
      events.push(event);
      break;
    }
    expect(events).toMatchObject([
      { type: 'packet.created', packet_id: second.id, data: { status: 'created' } },
    ]);
    for await (const event of rail.events({ cursor: '0-zzzzzzzz' })) {
      expect(event).toMatchObject({ type: 'gap', reason: 'unknown_cursor' });
      break;
    }
  });

  it('end with an error when the key is refused, or revoked while they run', async () => {
    const nobody = new HandoffRail({ baseUrl: server.url, apiKey: 'hr_unknown' });
    const next = async (feed: AsyncIterable<FeedEvent>) => feed[Symbol.asyncIterator]().next();
    await expect(next(nobody.events())).rejects.toThrow(AuthenticationError);
    const made = await rail.keys.create({ name: 'brief', role: 'reader' });
    const brief = new HandoffRail({ baseUrl: server.url, apiKey: made.key! });
    const feed = brief.events();
    const refused = expect(next(feed)).rejects.toThrow(PermissionError);
    while (feed.cursor === undefined) await pause(10);
    await rail.keys.revoke(made.id);
    await refused;
  });

  const open = async (client: HandoffRail, options: SocketOptions) => {
    const events: FeedEvent[] = [];
    let opened = 0;
    let lost = 0;
    let ended: HandoffRailError | null | undefined;
    const socket = client.socket({
      WebSocket: Ws,
      onEvent: (event) => events.push(event),
      onGap: (gap) => events.push(gap),
      onOpen: () => (opened += 1),
      onLost: () => (lost += 1),
      onClose: (why) => (ended = why),
      ...options,
    });
    return { socket, events, opened: () => opened, lost: () => lost, ended: () => ended };
  };

  it('come over a WebSocket as well, once and in order, however often it is cut', async () => {
    const live = await open(behind, { subscribe: 'agent:ws-01' });
    while (live.socket.cursor === undefined) await pause(10);
    const ids = await makeMany('ws-01', bridge.cut);
    while (live.events.length < ids.length) await pause(20);
    expect(live.events.map((event) => (event as PacketFeedEvent).packet_id)).toEqual(ids);
    expect(live.lost()).toBeGreaterThan(2);
    live.socket.close();
    expect(live.ended()).toBeNull();
    await make('ws-01');
    await pause(200);
    expect(live.events).toHaveLength(ids.length);
  });

  it('change their channels on the way, and keep them through a lost connection', async () => {
    const live = await open(behind, {});
    live.socket.subscribe('agent:one');
    while (live.socket.cursor === undefined) await pause(10);
    await pause(100);
    live.socket.subscribe('agent:two');
    live.socket.unsubscribe('agent:one');
    const opened = live.opened();
    bridge.cut();
    while (live.opened() === opened) await pause(10);
    await make('one');
    const { id } = await make('two');
    while (live.events.length === 0) await pause(10);
    expect(live.events).toMatchObject([{ packet_id: id }]);
    live.socket.unsubscribe('agent:two');
    bridge.cut();
    while (live.opened() === opened + 1) await pause(10);
    await make('two');
    await pause(300);
    expect(live.events).toHaveLength(1);
    live.socket.close();
  });

  it('close for good when the key is refused or revoked, and say where a cursor cannot be used', async () => {
    const nobody = await open(new HandoffRail({ baseUrl: server.url, apiKey: 'hr_unknown' }), {});
    while (nobody.ended() === undefined) await pause(10);
    expect(nobody.ended()).toBeInstanceOf(AuthenticationError);
    const made = await rail.keys.create({ name: 'brief', role: 'reader' });
    const brief = await open(new HandoffRail({ baseUrl: server.url, apiKey: made.key! }), {
      cursor: '0-zzzzzzzz',
    });
    while (brief.events.length === 0) await pause(10);
    expect(brief.events).toMatchObject([{ type: 'gap', reason: 'unknown_cursor' }]);
    await rail.keys.revoke(made.id);
    while (brief.ended() === undefined) await pause(10);
    expect(brief.ended()).toBeInstanceOf(PermissionError);
  });
});
