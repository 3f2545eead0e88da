import { createServer, type IncomingMessage, request, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What becomes of one request. */
export type Fault = 'none' | 'drop-before' | 'drop-after' | 'cut-answer' | 'delay' | '429' | '503';

const limited = JSON.stringify({
  type: 'https://handoffrail.dev/problems/rate_limited',
  title: 'Too many requests',
  status: 429,
  detail: 'Wait.',
  instance: '/',
  code: 'rate_limited',
  trace_id: '',
  retry_after: 0,
});

const readAll = async (stream: IncomingMessage): Promise<Buffer> => {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
};

interface Forwarded {
  status: number;
  headers: IncomingMessage['headers'];
  body: Buffer;
}

const forward = async (target: URL, incoming: IncomingMessage): Promise<Forwarded> => {
  const body = await readAll(incoming);
  const { method, url: path, headers } = incoming;
  return new Promise((resolve, reject) => {
    const options = {
      host: target.hostname,
      port: target.port,
      method,
      path,
      headers,
      agent: false as const,
    };
    const outgoing = request(options, (answer) => {
      void readAll(answer).then(
        (all) => resolve({ status: answer.statusCode ?? 0, headers: answer.headers, body: all }),
        reject,
      );
    });
    outgoing.once('error', reject).end(body);
  });
};

const cutShort = (response: ServerResponse, { status, headers, body }: Forwarded): void => {
  response.writeHead(status, headers);
  response.write(body.subarray(0, body.length / 2), () => response.destroy());
};

/** A proxy in front of a rail that does to each request what `next` says. */
export const startFaultyProxy = async (url: string, next: (incoming: IncomingMessage) => Fault) => {
  const seen: { method: string; path: string; fault: Fault; key: string | undefined }[] = [];
  const answer = async (incoming: IncomingMessage, response: ServerResponse): Promise<void> => {
    const fault = next(incoming);
    const key = incoming.headers['idempotency-key'];
    seen.push({ method: incoming.method!, path: incoming.url!, fault, key: key as string | undefined });
    if (fault === 'drop-before') return void incoming.socket.destroy();
    if (fault === '429')
      return void response.writeHead(429, { 'content-type': 'application/problem+json' }).end(limited);
    if (fault === '503')
      return void response.writeHead(503, { 'retry-after': '0' }).end('<html>Bad day</html>');
    const forwarded = await forward(new URL(url), incoming);
    if (fault === 'drop-after') return void incoming.socket.destroy();
    if (fault === 'cut-answer') return cutShort(response, forwarded);
    if (fault === 'delay') await new Promise((resolve) => setTimeout(resolve, 700));
    response.writeHead(forwarded.status, forwarded.headers).end(forwarded.body);
  };
  const server = createServer((incoming, response) => {
    answer(incoming, response).catch(() => incoming.socket.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    seen,
    close: () => new Promise((resolve) => (server.close(resolve), server.closeAllConnections())),
  };
};
