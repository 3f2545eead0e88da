import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { textOf } from './input.js';
import { quickFetch } from './quick-fetch.js';

let server: Server;
let url: string;

beforeAll(async () => {
  server = createServer((request, response) => {
    void textOf(request).then((body) => {
      if (request.url === '/moved') return response.writeHead(307, { location: '/echo' }).end();
      if (request.url === '/never') return response.writeHead(200).write('{');
      const { method, headers } = request;
      const told = { method, body, length: headers['content-length'], key: headers['x-api-key'] };
      return response.writeHead(201, { 'X-Request-Id': 'r1' }).end(JSON.stringify(told));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});

afterAll(() => {
  server.closeAllConnections();
  server.close();
});

const init = (more: object = {}) => ({
  method: 'POST',
  headers: { accept: 'application/json', 'x-api-key': 'hr_x' },
  body: '"é世"',
  signal: new AbortController().signal,
  ...more,
});

it('carries a request, and its answer', async () => {
  const answer = await quickFetch(`${url}/echo`, init());
  expect(answer).toMatchObject({ status: 201, ok: true });
  expect([answer.headers.get('x-request-id'), answer.headers.get('Retry-After')]).toEqual(['r1', null]);
  expect(JSON.parse(await answer.text())).toEqual({
    method: 'POST',
    body: '"é世"',
    length: '7',
    key: 'hr_x',
  });
});

it('goes where the server sends it', async () => {
  const answer = await quickFetch(`${url}/moved`, init());
  expect(JSON.parse(await answer.text())).toMatchObject({ method: 'POST', body: '"é世"' });
});

it('ends with its signal, also in the middle of an answer', async () => {
  const ending = new AbortController();
  const answer = await quickFetch(`${url}/never`, init({ signal: ending.signal }));
  const text = answer.text();
  ending.abort();
  await expect(text).rejects.toThrow('aborted');
  await expect(quickFetch(`${url}/never`, init({ signal: ending.signal }))).rejects.toThrow('aborted');
});

it('says why there is no answer', async () => {
  await expect(quickFetch('http://127.0.0.1:1/', init())).rejects.toThrow('connect ECONNREFUSED 127.0.0.1:1');
  await expect(quickFetch('http://localhost:1/', init())).rejects.toThrow('connect ECONNREFUSED');
});
