import { ConnectionError, PayloadTooLargeError, ValidationError } from './errors.js';
import type { Fetch } from './transport.js';

/** As much of the headers of nats.js as is used. */
export interface NatsHeadersLike extends Iterable<[string, string[]]> {
  set(name: string, value: string): void;
}

/** As much of a message of nats.js as is used. */
export interface NatsMessageLike {
  data: Uint8Array;
  headers?: (Iterable<[string, string[]]> & { code: number }) | undefined;
}

/** As much of a connection of nats.js as is used, whichever package it comes from. */
export interface NatsLike<H> {
  info?: { max_payload: number } | undefined;
  subscribe(
    subject: string,
    options: { max: number; callback: (error: Error | null, message: NatsMessageLike) => void },
  ): { closed: Promise<void | Error>; unsubscribe(): void };
  publish(subject: string, payload: Uint8Array, options: { reply: string; headers: H }): void;
}

/** Who asks, and by what. */
export interface NatsOptions<H> {
  /** `tenant_id` of the key, as the answer says that made it. */
  tenantId: string;
  /** `id` of the key; the connection has `_INBOX.<id>` as its inbox prefix. */
  keyId: string;
  /** The function `headers` of the package that the connection comes from. */
  headers: () => H;
}

// Commands about one packet have the name of their path's last part.
const commands =
  'chain claim start heartbeat progress complete fail reject release request-approval respond retry cancel';

const operations: Record<string, string> = {
  'POST packets': 'create',
  'GET packets': 'list',
  'GET packets/search': 'search',
  'POST packets/claim-next': 'claim-next',
  'POST route': 'route',
  'GET packets/:': 'get',
  'PATCH packets/:': 'update',
  'GET packets/:/history': 'history',
  'GET packets/:/lineage': 'lineage',
  'PUT agents/:': 'register-agent',
  'DELETE agents/:': 'unregister-agent',
  'POST agents/:/heartbeat': 'agent-heartbeat',
  ...Object.fromEntries(commands.split(' ').map((word) => [`POST packets/:/${word}`, word])),
};

// The connection says who asks, and everything is JSON.
const unsaid = new Set(['x-api-key', 'accept', 'content-type']);

// What stands in a path where otherwise the id of a packet does.
const noPackets = new Set(['', 'batch', 'awaiting']);

/** The error for what can be asked for over HTTP only. */
export const needsHttp = (what: string): ValidationError =>
  new ValidationError({
    code: 'needs_http',
    message: `${what} is not to be had on NATS: ask for it by a client over HTTP.`,
  });

const base64url = (text: string): string =>
  btoa(String.fromCharCode(...new TextEncoder().encode(text)))
    .replaceAll('+', '-')
    .replaceAll('/', '_')
    .replace(/=+$/, '');

// What would be another subject is an id that nobody has.
const tokenOf = (kind: string, part: string): string =>
  kind === 'agents'
    ? base64url(decodeURIComponent(part))
    : part.replace(/[.*]/g, (sign) => (sign === '.' ? '%2E' : '%2A'));

/** The last tokens of the subject that stands for a path below the API's base. @throws ValidationError `needs_http` */
export const subjectOf = (method: string, path: string): string => {
  const known = operations[`${method} ${path}`];
  if (known !== undefined) return known;
  const [kind = '', part = '', ...rest] = path.split('/');
  const name = operations[[`${method} ${kind}/:`, ...rest].join('/')];
  if (name === undefined || noPackets.has(part)) throw needsHttp(`${method} /${path}`);
  return `${name}.${tokenOf(kind, part)}`;
};

const answerOf = ({ data, headers }: NatsMessageLike): Response => {
  const told = [...(headers ?? [])].map(([name, [value = '']]): [string, string] => [name, value]);
  const status = Number(told.find(([name]) => name === 'HandoffRail-Status')?.[1]);
  if (status) return new Response(data.length === 0 ? null : new Uint8Array(data), { status, headers: told });
  const why = headers?.code === 503 ? 'no gateway listens' : 'this is no answer of a rail';
  throw new ConnectionError({ code: 'connection', message: `No answer on NATS: ${why}.` });
};

/** Sends HTTP requests as messages, and makes their answers responses. */
export const natsFetch = <H extends NatsHeadersLike>(
  connection: NatsLike<H>,
  { tenantId, keyId, headers: newHeaders }: NatsOptions<H>,
): Fetch => {
  const send = (
    subject: string,
    { payload, headers, signal }: { payload: Uint8Array; headers: H; signal: AbortSignal },
  ) => {
    const random = crypto.getRandomValues(new Uint32Array(4));
    const reply = `_INBOX.${keyId}.${random.join('')}`;
    return new Promise<NatsMessageLike>((resolve, reject) => {
      // An inbox of its own: when nobody listens there any more, the rail takes back what it gave.
      const inbox = connection.subscribe(reply, {
        max: 1,
        callback: (error, message) => (error ? reject(error) : resolve(message)),
      });
      const abort = () => {
        inbox.unsubscribe();
        reject(signal.reason as Error);
      };
      signal.addEventListener('abort', abort, { once: true });
      void inbox.closed.then((why) => {
        signal.removeEventListener('abort', abort);
        // Does nothing after an answer.
        reject(why ?? new Error('the connection was closed'));
      });
      try {
        connection.publish(subject, payload, { reply, headers });
      } catch (error) {
        inbox.unsubscribe();
        throw error;
      }
    });
  };
  return async (url, { method, headers: given, body, signal }) => {
    const { pathname, searchParams } = new URL(url);
    const operation = subjectOf(method, pathname.replace('/api/v1/', ''));
    const query = method === 'GET' ? JSON.stringify(Object.fromEntries(searchParams)) : '';
    const payload = new TextEncoder().encode(body ?? query);
    if (payload.length > (connection.info?.max_payload ?? Infinity) - 4_096)
      throw new PayloadTooLargeError({ code: 'payload_too_large', message: 'Too large for a message.' });
    signal.throwIfAborted();
    const headers = newHeaders();
    for (const [name, value] of Object.entries(given)) if (!unsaid.has(name)) headers.set(name, value);
    return answerOf(await send(`hr.api.${tenantId}.${keyId}.${operation}`, { payload, headers, signal }));
  };
};
