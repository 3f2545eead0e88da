import { createServer, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, expect, test } from 'vitest';
import { version } from '../version.js';
import { diagnose } from './diagnose.js';

interface Said {
  status?: number;
  headers?: Record<string, string>;
  body?: unknown;
}

const health = {
  status: 'ok',
  versions: { handoffrail: version, node: '20.20.2', nats: '2.12.4', postgres: '18.1' },
  checks: { nats: { ok: true }, postgres: { ok: true } },
  lag_events: 0,
};

const problem = (status: number, code: string, detail: string): Said => ({
  status,
  body: {
    type: `https://example.com/${code}`,
    title: code,
    status,
    detail,
    code,
    instance: '/',
    trace_id: 't',
  },
});

let server: Server | undefined;

afterEach(() => {
  server?.closeAllConnections();
  server?.close();
});

const answer = (response: ServerResponse, { status = 200, headers = {}, body = {} }: Said): void => {
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
};

/** What the doctor says of a server that answers so, by the end of the path. */
const told = async (answers: Record<string, Said>, apiKey: string | undefined = 'hr_key') => {
  const known: Record<string, Said> = { health: { body: health }, ...answers };
  const started = (server = createServer((request, response) => {
    const name = /\/(\w+)(\?|$)/.exec(request.url ?? '')?.[1] ?? '';
    answer(response, known[name] ?? {});
  }));
  await new Promise<void>((resolve) => started.listen(0, '127.0.0.1', resolve));
  const baseUrl = `http://127.0.0.1:${(started.address() as AddressInfo).port}`;
  const { checks, ...rest } = await diagnose({ baseUrl, apiKey });
  const by = (name: string) => checks.find((check) => check.name === name);
  return { ...rest, checks, by };
};

const clockAt = (seconds: number) => ({ date: new Date(Date.now() + seconds * 1_000).toUTCString() });

test('all is well', async () => {
  const { ok, exit_code, may, checks } = await told({});
  expect({ ok, exit_code }).toEqual({ ok: true, exit_code: 0 });
  expect(may).toEqual({ read: true, work: true, write: true, administer: true, operate: true });
  expect(checks.every(({ state }) => state === 'ok')).toBe(true);
});

test.each([
  [2, 'ok', /same time/],
  [-2, 'ok', /same time/],
  [30, 'warning', /(29|30) s ahead of the one here/],
  [-30, 'warning', /(28|29|30) s behind the one here/],
  [200, 'failed', /(199|200) s ahead of/],
])('a clock that is %i s ahead is %s', async (seconds, state, detail) => {
  const { by, ok } = await told({ usage: { headers: clockAt(seconds) } });
  expect(by('clock')).toMatchObject({ state, detail: expect.stringMatching(detail) as string });
  expect(ok).toBe(state !== 'failed');
});

test('lists that are behind, a version that does not fit and a lag are warnings', async () => {
  const versions = { ...health.versions, handoffrail: '9.0.0' };
  const { by, ok } = await told({
    stats: { headers: { 'handoffrail-stale': 'true' } },
    health: { body: { ...health, versions, lag_events: 12 } },
  });
  expect(by('reads')).toMatchObject({ state: 'warning' });
  expect(by('versions')).toMatchObject({
    state: 'warning',
    detail: expect.stringMatching(/^Server 9\.0\.0, /) as string,
  });
  expect(by('lag')).toMatchObject({ state: 'warning', detail: 'The read models are 12 events behind.' });
  expect(ok).toBe(true);
});

test('a part that is broken, reads that fail and an unknown lag are failures', async () => {
  const checks = { nats: { ok: true }, postgres: { ok: false } };
  const { by, ok, exit_code } = await told({
    stats: problem(503, 'unavailable', 'Postgres does not answer.'),
    health: { body: { ...health, status: 'unavailable', checks, lag_events: null } },
  });
  expect(by('parts')).toMatchObject({ state: 'failed', detail: 'Not well: postgres.' });
  expect(by('reads')).toMatchObject({ state: 'failed', detail: 'Postgres does not answer.' });
  expect(by('lag')).toMatchObject({ state: 'failed' });
  expect({ ok, exit_code }).toEqual({ ok: false, exit_code: 1 });
});

test('a server that is ill is not one that is away', async () => {
  const ill = await told({ usage: problem(503, 'unavailable', 'NATS does not answer.') });
  expect(ill).toMatchObject({ exit_code: 1, may: null });
  expect(ill.checks).toMatchObject([{ name: 'server', state: 'failed', detail: 'NATS does not answer.' }]);
  server?.close();
  // What a proxy says for a server that is not there is no problem document.
  expect(await told({ usage: { status: 502 } })).toMatchObject({ exit_code: 3 });
});

test('a key that is unknown, missing or used up ends the visit', async () => {
  const unknown = await told({ usage: problem(401, 'unauthorized', 'This key is not known.') });
  expect(unknown.by('key')).toMatchObject({ state: 'failed', detail: 'This key is not known.' });
  expect(unknown).toMatchObject({ exit_code: 1, may: null });
  server?.close();
  const limited = await told({ usage: problem(429, 'rate_limited', 'Wait a minute.') });
  expect(limited.by('key')).toMatchObject({ state: 'warning' });
  expect(limited.exit_code).toBe(0);
});

test('what is forbidden is not allowed; what is refused otherwise is', async () => {
  const forbidden = problem(403, 'forbidden', 'Use a key of role admin.');
  const { may, by } = await told({
    ...{ keys: forbidden, hooks: forbidden, health: forbidden },
    route: problem(422, 'validation_failed', 'Send metadata.'),
  });
  expect(may).toEqual({ read: true, work: true, write: false, administer: false, operate: false });
  expect(by('permissions')).toMatchObject({ detail: 'The key may read, work as an agent.' });
  expect(by('parts')).toMatchObject({ state: 'unknown' });
});
