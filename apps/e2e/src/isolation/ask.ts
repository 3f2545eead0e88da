import { setTimeout as delay } from 'node:timers/promises';
import { type Dispatcher, Pool } from 'undici';

/** A request as it is sent. */
export interface Asked {
  method: string;
  /** With its query. */
  path: string;
  body?: unknown;
  contentType?: string;
  headers?: Record<string, string>;
}

export interface Told {
  status: number;
  /** `code` of a problem. */
  code: string | undefined;
  /** Everything that the answer says, its headers included. */
  text: string;
  headers: Dispatcher.ResponseData['headers'];
}

/** So long an answer is heard that goes on. */
const listenMs = 150;

const textOf = async ({ body, headers }: Dispatcher.ResponseData): Promise<string> => {
  if (!String(headers['content-type']).startsWith('text/event-stream')) return body.text();
  const chunks: string[] = [];
  body.on('data', (chunk: Buffer) => chunks.push(chunk.toString()));
  body.on('error', () => undefined);
  await delay(listenMs);
  body.destroy();
  return chunks.join('');
};

const codeOf = (text: string): string | undefined => {
  try {
    return (JSON.parse(text) as { code?: string } | null)?.code;
  } catch {
    return undefined;
  }
};

/** Somebody who asks with one key, and hears all of the answer. */
export class Asker {
  readonly #pool: Pool;

  constructor(
    url: string,
    private readonly key: string,
  ) {
    this.#pool = new Pool(url, { connections: 8, headersTimeout: 30_000, bodyTimeout: 30_000 });
  }

  async ask({ method, path, body, contentType = 'application/json', headers }: Asked): Promise<Told> {
    const answer = await this.#pool.request({
      method: method,
      path,
      headers: {
        ...(this.key && { 'x-api-key': this.key }),
        ...(body !== undefined && { 'content-type': contentType }),
        ...headers,
      },
      body: body === undefined ? null : JSON.stringify(body),
    });
    const text = await textOf(answer);
    const said = `${JSON.stringify(answer.headers)}\n${text}`;
    return { status: answer.statusCode, code: codeOf(text), text: said, headers: answer.headers };
  }

  close(): Promise<void> {
    return this.#pool.destroy();
  }
}
