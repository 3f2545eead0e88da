import { Pool } from 'undici';

// Answers are read as plain JSON: what a test expects of them is the test's business.
// eslint-disable-next-line @typescript-eslint/no-explicit-any -- the body of an answer under test has no type yet
export type AnyJson = any;

export interface Answer {
  status: number;
  headers: Record<string, string | string[] | undefined>;
  /** Parsed JSON, or the text when it is not JSON, or undefined when empty. */
  body: AnyJson;
}

export interface Client {
  send(method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  get(path: string, headers?: Record<string, string>): Promise<Answer>;
  post(path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  close(): Promise<void>;
}

const parse = (text: string): AnyJson => {
  try {
    return JSON.parse(text);
  } catch {
    return text === '' ? undefined : text;
  }
};

const encode = (body: unknown): string | Buffer | null => {
  if (body === undefined) return null;
  return typeof body === 'string' || Buffer.isBuffer(body) ? body : JSON.stringify(body);
};

/** A client of the HTTP API with one key, over `connections` keep-alive connections. Strings and buffers are sent as they are. */
export const createClient = (url: string, key: string, connections = 16): Client => {
  const pool = new Pool(url, { connections, headersTimeout: 30_000, bodyTimeout: 30_000 });
  // eslint-disable-next-line max-params -- in the order of a request: its line, its body, then what is rare
  const send: Client['send'] = async (method, path, body, headers) => {
    const raw = encode(body);
    const answer = await pool.request({
      method: method,
      path: path.startsWith('/') ? path : `/api/v1/${path}`,
      headers: {
        ...(key === '' ? {} : { 'x-api-key': key }),
        ...(raw === null ? {} : { 'content-type': 'application/json' }),
        ...headers,
      },
      body: raw,
    });
    return { status: answer.statusCode, headers: answer.headers, body: parse(await answer.body.text()) };
  };
  return {
    send,
    get: (path, headers) => send('GET', path, undefined, headers),
    post: (path, body, headers) => send('POST', path, body, headers),
    close: () => pool.close(),
  };
};
