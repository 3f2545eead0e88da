import { smallPacket } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { startTestGateway, type TestGateway } from '../gateway.features.js';

const page = 'https://app.example.com';
const stranger = 'https://evil.example.com';

const preflight = (url: string, origin: string, method = 'POST') =>
  fetch(url, {
    method: 'OPTIONS',
    headers: {
      origin,
      'access-control-request-method': method,
      'access-control-request-headers': 'x-api-key,content-type,idempotency-key',
    },
  });

const corsHeaders = ({ headers }: Response) =>
  [...headers.keys()].filter((name) => name.startsWith('access-control-'));

describe('pages of other origins', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ HR_CORS_ORIGINS: `http://localhost:3000, ${page}` });
  });
  afterAll(() => gateway.stop());

  const call = (path: string, origin: string | undefined, more: RequestInit = {}) =>
    fetch(`${gateway.url}${path}`, {
      ...more,
      headers: { 'x-api-key': gateway.key, ...(origin && { origin }), ...more.headers },
    });

  it.each(['GET', 'POST', 'PUT', 'PATCH', 'DELETE'])('may %s when they are allowed', async (method) => {
    const answer = await preflight(`${gateway.url}/api/v1/packets`, page, method);
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe(page);
    expect(answer.headers.get('access-control-allow-methods')).toContain(method);
    expect(answer.headers.get('access-control-allow-headers')).toBe('authorization, *');
    expect(answer.headers.get('vary')).toBe('origin');
    expect(answer.headers.has('access-control-allow-credentials')).toBe(false);
  });

  it('may read every answer, refusals among them', async () => {
    const body = JSON.stringify(smallPacket());
    const made = await call('/api/v1/packets', page, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json' },
    });
    const refused = await call('/api/v1/packets', page, { headers: { 'x-api-key': 'hr_nobody' } });
    const missing = await call('/api/v1/nothing', page);
    expect([made.status, refused.status, missing.status]).toEqual([201, 401, 404]);
    for (const answer of [made, refused, missing]) {
      expect(answer.headers.get('access-control-allow-origin')).toBe(page);
      expect(answer.headers.get('access-control-expose-headers')).toBe('*');
    }
  });

  it('may follow the stream of events', async () => {
    const ending = new AbortController();
    const stream = await call('/api/v1/events', page, { signal: ending.signal });
    expect(stream.status).toBe(200);
    expect(stream.headers.get('access-control-allow-origin')).toBe(page);
    ending.abort();
  });

  it.each([stranger, 'null', `${page}:8443`, `${page}.evil.example.com`, 'http://app.example.com'])(
    'may not when they are not named: %s',
    async (origin) => {
      expect((await preflight(`${gateway.url}/api/v1/packets`, origin)).status).toBe(405);
      expect(corsHeaders(await preflight(`${gateway.url}/api/v1/packets`, origin))).toEqual([]);
      const answer = await call('/api/v1/packets', origin);
      expect(corsHeaders(answer)).toEqual([]);
      // What is kept for one page must not be shown to another.
      expect(answer.headers.get('vary')).toBe('origin');
    },
  );

  it('are told nothing of what is not the API, and servers are told nothing at all', async () => {
    expect(corsHeaders(await call('/health', page))).toEqual([]);
    expect(corsHeaders(await call('/metrics', page))).toEqual([]);
    expect(corsHeaders(await call('/api/v1/packets', undefined))).toEqual([]);
  });

  it('let nobody in without a key', async () => {
    const answer = await fetch(`${gateway.url}/api/v1/packets`, { headers: { origin: page } });
    expect(answer.status).toBe(401);
  });
});

describe('pages of other origins, where nothing is said', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway();
  });
  afterAll(() => gateway.stop());

  it('may not call', async () => {
    const asked = await preflight(`${gateway.url}/api/v1/packets`, page);
    expect(asked.status).toBe(405);
    const answer = await fetch(`${gateway.url}/api/v1/packets`, {
      headers: { origin: page, 'x-api-key': gateway.key },
    });
    expect([...corsHeaders(asked), ...corsHeaders(answer)]).toEqual([]);
    expect(answer.headers.has('vary')).toBe(false);
  });
});

describe('pages of all origins', () => {
  let gateway: TestGateway;
  beforeAll(async () => {
    gateway = await startTestGateway({ HR_CORS_ORIGINS: '*' });
  });
  afterAll(() => gateway.stop());

  it('may call where a star says so', async () => {
    const answer = await preflight(`${gateway.url}/api/v1/packets`, stranger);
    expect(answer.status).toBe(204);
    expect(answer.headers.get('access-control-allow-origin')).toBe('*');
  });
});
