import { type Dispatcher, request } from 'undici';

const maxBodyBytes = 64 * 1024;
const excerptBytes = 1_024;
const timeoutMs = 15_000;
/** What an answer may take to end, once its status is known. */
const bodyMs = 5_000;

export interface Posting {
  url: string;
  headers: Record<string, string>;
  body: string;
  /** Of the whole attempt; 15 s when left out. */
  timeoutMs?: number;
}

/** What became of one attempt. */
export interface Posted {
  duration_ms: number;
  /** Absent when there was no answer. */
  status_code?: number;
  /** The start of the answer's body, at most 1 KiB. */
  response_excerpt?: string;
  /** The header as it was sent. */
  retry_after?: string;
  /** Why there was no answer, as a short sentence. */
  error?: string;
}

const toExcerpt = (chunks: Buffer[]): string => {
  const text = new TextDecoder().decode(Buffer.concat(chunks).subarray(0, excerptBytes), { stream: true });
  // Postgres takes no such character.
  return text.replaceAll('\u0000', '\ufffd');
};

/** Reads an answer as far as the limit; what it says matters less than that it does not hold us up. */
const readExcerpt = async (body: Dispatcher.ResponseData['body']): Promise<string> => {
  const chunks: Buffer[] = [];
  let bytes = 0;
  const late = setTimeout(() => body.destroy(), bodyMs);
  try {
    for await (const chunk of body as AsyncIterable<Buffer>) {
      if (bytes < excerptBytes) chunks.push(chunk);
      bytes += chunk.length;
      if (bytes > maxBodyBytes) break;
    }
  } catch {
    // The status has said what there was to say.
  } finally {
    clearTimeout(late);
    body.destroy();
  }
  return toExcerpt(chunks);
};

const codeOf = (error: unknown): string =>
  typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';

const sentences: Record<string, string> = {
  UND_ERR_CONNECT_TIMEOUT: 'No connection in time.',
  UND_ERR_HEADERS_TIMEOUT: 'No answer in time.',
  UND_ERR_HEADERS_OVERFLOW: 'The headers of the answer are too large.',
  UND_ERR_SOCKET: 'The connection was closed before an answer.',
  ECONNREFUSED: 'The connection was refused.',
  ECONNRESET: 'The connection was closed before an answer.',
  ENOTFOUND: 'The host name is not known.',
  EAI_AGAIN: 'The host name could not be looked up.',
};

const sentenceOf = (error: unknown, limit: number): string => {
  if (error instanceof Error && error.name === 'TimeoutError') return `No answer within ${limit} ms.`;
  const known = sentences[codeOf(error)];
  if (known !== undefined) return known;
  return (error instanceof Error ? error.message || error.name : String(error)).slice(0, 500);
};

/**
 * Sends one request and reads what is answered: its status, and at most 64 KiB of its body. Redirects are not
 * followed. Never rejects.
 */
export const post = async (dispatcher: Dispatcher, posting: Posting): Promise<Posted> => {
  const { url, headers, body, timeoutMs: limit = timeoutMs } = posting;
  const started = performance.now();
  const taken = (): number => Math.round(performance.now() - started);
  try {
    const signal = AbortSignal.timeout(limit);
    const answer = await request(url, { method: 'POST', headers, body, dispatcher, signal });
    const response_excerpt = await readExcerpt(answer.body);
    const retryAfter = answer.headers['retry-after'];
    return {
      duration_ms: taken(),
      status_code: answer.statusCode,
      response_excerpt,
      ...(typeof retryAfter === 'string' && { retry_after: retryAfter }),
    };
  } catch (error) {
    return { duration_ms: taken(), error: sentenceOf(error, limit) };
  }
};
