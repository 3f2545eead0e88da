import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Webhook } from 'standardwebhooks';

/** One request that came to a receiver. */
export interface Got {
  headers: IncomingHttpHeaders;
  text: string;
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- the body under test has no type yet
  body: any;
}

/** Whether a receiver that has this secret takes the request for genuine. */
export const verifies = (secret: string, { headers, text }: Got): boolean => {
  try {
    new Webhook(secret).verify(text, headers as Record<string, string>);
    return true;
  } catch {
    return false;
  }
};

/** A receiver as a user would write one; `answer` is what it says until that is changed. */
export const startReceiver = async () => {
  const got: Got[] = [];
  const state = { got, status: 200, url: '' };
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      got.push({ headers: request.headers, text, body: JSON.parse(text) as unknown });
      response.writeHead(state.status).end('noted');
    });
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  state.url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/hook`;
  const stop = (): void => {
    server.closeAllConnections();
    server.close();
  };
  return Object.assign(state, { stop });
};

export type Receiver = Awaited<ReturnType<typeof startReceiver>>;
