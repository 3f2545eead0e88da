import { once } from 'node:events';
import { request as httpRequest } from 'node:http';
import { connect } from 'node:net';
import { afterAll, afterEach, beforeAll, describe, expect, it, vi } from 'vitest';
import { type AnyJson, smallPacket } from '#libs/testing';
import { WebSocket } from 'ws';
import { startTestGateway, type TestGateway } from '../gateway.features.js';
import { follow, liveOnce, packetEvents } from './feeds.features.js';

interface Talk {
  socket: WebSocket;
  heard: AnyJson[];
  say(message: object | string): void;
}

describe('/ws', () => {
  let gateway: TestGateway;
  const sockets: WebSocket[] = [];
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterEach(() => sockets.splice(0).forEach((socket) => socket.terminate()));
  afterAll(() => gateway?.stop());

  const open = async (
    query = '',
    headers: Record<string, string> = { 'x-api-key': gateway.key },
  ): Promise<Talk> => {
    const socket = new WebSocket(`${gateway.url.replace('http', 'ws')}/api/v1/ws${query}`, { headers });
    sockets.push(socket);
    const heard: AnyJson[] = [];
    socket.on('message', (data) => heard.push(JSON.parse(String(data))));
    await once(socket, 'open');
    await vi.waitFor(() => expect(heard[0]?.type).toBe('connected'));
    const say = (message: object | string) =>
      socket.send(typeof message === 'string' ? message : JSON.stringify(message));
    return { socket, heard, say };
  };
  const events = ({ heard }: Talk): AnyJson[] => heard.filter(({ type }) => type.startsWith('packet.'));
  const until = (talk: Talk, count: number) =>
    vi.waitFor(() => expect(events(talk).length).toBeGreaterThanOrEqual(count), { timeout: 5_000 });
  const answerTo = async ({ heard, say }: Talk, message: object | string): Promise<AnyJson> => {
    const before = heard.length;
    say(message);
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(before));
    return heard.at(-1);
  };

  it('tells the same as the stream over HTTP', async () => {
    const [talk, reader] = [await open(), await follow(gateway)];
    expect(talk.heard[0]).toMatchObject({ connection_id: expect.any(String), position: expect.any(String) });
    await liveOnce(gateway);
    await until(talk, 3);
    await vi.waitFor(() => expect(packetEvents(reader)).toHaveLength(3));
    expect(events(talk)).toEqual(packetEvents(reader).map(({ data }) => data));
    reader.cut();
  });

  it('narrows to the channels that its client names, and widens again', async () => {
    const [talk, all] = [await open(), await open()];
    const subscribed = await answerTo(talk, { action: 'subscribe', channel: 'status:completed' });
    expect(subscribed).toEqual({ type: 'subscribed', channel: 'status:completed' });
    await answerTo(talk, { action: 'subscribe', channel: 'type:packet.created' });
    await liveOnce(gateway);
    await until(talk, 2);
    expect(events(talk).map(({ type }) => type)).toEqual(['packet.created', 'packet.completed']);
    const left = await answerTo(talk, { action: 'unsubscribe', channel: 'type:packet.created' });
    expect(left).toEqual({ type: 'unsubscribed', channel: 'type:packet.created' });
    await answerTo(talk, { action: 'unsubscribe', channel: 'status:completed' });
    await liveOnce(gateway);
    await until(all, 6);
    await answerTo(talk, { action: 'subscribe', channel: '*' });
    await liveOnce(gateway);
    await until(talk, 5);
    expect(events(talk)).toHaveLength(5);
  });

  it('resumes from a cursor, over the address or by a message', async () => {
    const first = await open();
    await liveOnce(gateway);
    await until(first, 3);
    const cursor = events(first)[0].position;
    const byAddress = await open(`?last_event_id=${cursor}&subscribe=type:packet.completed`);
    await until(byAddress, 1);
    expect(events(byAddress)).toEqual([events(first)[2]]);
    const talk = await open();
    talk.say({ action: 'resume', cursor });
    await until(talk, 2);
    expect(talk.heard[1]).toEqual({ type: 'resumed', cursor });
    expect(events(talk)).toEqual(events(first).slice(1));
    talk.say({ action: 'resume', cursor: 'nonsense' });
    await vi.waitFor(() =>
      expect(talk.heard.at(-1)).toMatchObject({ type: 'gap', reason: 'unknown_cursor' }),
    );
    await liveOnce(gateway);
    await until(talk, 5);
    expect(events(talk)).toHaveLength(5);
  });

  it.each([
    ['nonsense', 'bad_message'],
    ['[1]', 'bad_message'],
    ['null', 'bad_message'],
    [{ action: 'dance' }, 'bad_message'],
    [{ action: 'subscribe' }, 'bad_message'],
    [{ action: 'resume', cursor: 1 }, 'bad_message'],
    [{ action: 'subscribe', channel: 'status:asleep' }, 'unknown_channel'],
  ])('answers %j with an error and goes on', async (message, code) => {
    const talk = await open();
    expect(await answerTo(talk, message)).toMatchObject({ type: 'error', code });
    expect(await answerTo(talk, { action: 'ping' })).toEqual({ type: 'pong' });
  });

  it('takes no more channels than a hundred, and no long messages', async () => {
    const talk = await open('?subscribe=agent:x');
    for (let serial = 0; serial < 100; serial += 1)
      talk.say({ action: 'subscribe', channel: `agent:${serial}` });
    await vi.waitFor(() => expect(talk.heard.at(-1)).toMatchObject({ code: 'too_many_channels' }));
    talk.say('x'.repeat(20_000));
    const [code] = await once(talk.socket, 'close');
    expect(code).toBe(1009);
  });

  it('ends a connection that gives no sign of life for 30 seconds, and keeps those that do', async () => {
    vi.useFakeTimers({ toFake: ['setInterval', 'clearInterval'] });
    const dead = new WebSocket(`${gateway.url.replace('http', 'ws')}/api/v1/ws?token=${gateway.key}`, {
      autoPong: false,
    });
    dead.on('error', () => undefined);
    const pinged = once(dead, 'ping');
    await once(dead, 'open');
    const alive = new WebSocket(`${gateway.url.replace('http', 'ws')}/api/v1/ws?token=${gateway.key}`);
    await once(alive, 'open');
    vi.advanceTimersByTime(30_000);
    await pinged;
    await new Promise((resolve) => setTimeout(resolve, 50));
    const closed = once(dead, 'close');
    vi.advanceTimersByTime(30_000);
    vi.useRealTimers();
    expect((await closed)[0]).toBe(1006);
    expect(alive.readyState).toBe(WebSocket.OPEN);
    alive.terminate();
  });

  it('answers a request that is no upgrade, and one without a key, with problems', async () => {
    const plain = await gateway.client().get('ws');
    expect(plain).toMatchObject({ status: 426, body: { code: 'upgrade_required' } });
    const refused = new WebSocket(`${gateway.url.replace('http', 'ws')}/api/v1/ws`);
    refused.on('error', () => undefined);
    const [, answer] = await once(refused, 'unexpected-response');
    expect(answer.statusCode).toBe(401);
    const parts: Buffer[] = await answer.toArray();
    expect(JSON.parse(Buffer.concat(parts).toString())).toMatchObject({ code: 'unauthenticated' });
    const elsewhere = new WebSocket(`${gateway.url.replace('http', 'ws')}/health`);
    elsewhere.on('error', () => undefined);
    expect((await once(elsewhere, 'unexpected-response'))[1].statusCode).toBe(200);
  });

  it('answers requests that offer another upgrade as if they had not, body and connection included', async () => {
    const { hostname, port } = new URL(gateway.url);
    const socket = connect(Number(port), hostname);
    let text = '';
    socket.on('data', (chunk) => (text += String(chunk)));
    const body = JSON.stringify(smallPacket());
    const send = () =>
      socket.write(
        `POST /api/v1/packets HTTP/1.1\r\nhost: x\r\nx-api-key: ${gateway.key}\r\n` +
          'connection: Upgrade, HTTP2-Settings\r\nupgrade: h2c\r\nhttp2-settings: AAMAAABkAAQAAP__\r\n' +
          `content-type: application/json\r\ncontent-length: ${body.length}\r\n\r\n${body}`,
      );
    send();
    await vi.waitFor(() => expect(text.match(/HTTP\/1.1 201 /g)).toHaveLength(1));
    send();
    await vi.waitFor(() => expect(text.match(/HTTP\/1.1 201 /g)).toHaveLength(2));
    socket.destroy();
    const large = JSON.stringify(
      smallPacket('a', 's', { context: { summary: 's', custom: { x: 'y'.repeat(200_000) } } }),
    );
    const status = await new Promise<number | undefined>((resolve, reject) =>
      httpRequest(`${gateway.url}/api/v1/packets`, {
        method: 'POST',
        headers: {
          'x-api-key': gateway.key,
          'content-type': 'application/json',
          connection: 'Upgrade',
          upgrade: 'h2c',
        },
      })
        .once('response', (answer) => resolve(answer.resume().statusCode))
        .once('error', reject)
        .end(large),
    );
    expect(status).toBe(201);
  });
});
