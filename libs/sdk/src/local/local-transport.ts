import { epochOf, type ExistingPacket, type Instant, instantAt, offerOf } from '#libs/packet';
import { operations } from '../generated/operations.js';
import type { ClaimNextBody } from '../generated/wire.js';
import { type OperationName, planOf } from '../operation.js';
import type { Transport, WireAnswer, WireRequest } from '../transport.js';
import type { LocalCall } from './call.js';
import { checked } from './checked.js';
import { Draft, packetOf } from './contents.js';
import { settle } from './due.js';
import { claimNow } from './next-packets.js';
import { reads, writes } from './operations.js';
import { problemOf, Refusal } from './refusal.js';
import type { Store } from './store.js';
import type { Turn } from './turn.js';
import { digestOf } from './uuid.js';

export interface LocalParts {
  store: Store;
  /** Epoch milliseconds. */
  clock: () => number;
}

const instantOf = ({ clock }: LocalParts): Instant => instantAt(clock());

/** Looks at what is stored, with everything done that is due by now. @throws Refusal, StoreError */
export const look = async <T>(parts: LocalParts, task: (turn: Turn) => T): Promise<T> => {
  const turn = { draft: new Draft(await parts.store.read()), now: instantOf(parts) };
  settle(turn);
  // What was due is written down before it is told: another look must not come to something else.
  return turn.draft.isEmpty ? task(turn) : change(parts, task);
};

/** Changes what is stored, after everything is done that is due by now. @throws Refusal, StoreError */
export const change = async <T>(
  parts: LocalParts,
  task: (turn: Turn) => T,
  signal?: AbortSignal,
): Promise<T> => {
  const outcome = await parts.store.change((draft) => {
    // Whoever has given up while others had the lock does not want it done any more.
    signal?.throwIfAborted();
    const turn = { draft, now: instantOf(parts) };
    settle(turn);
    return wholeOrNot(draft, () => task(turn));
  });
  if ('error' in outcome) throw outcome.error;
  return outcome.value;
};

type Outcome<T> = { value: T } | { error: Refusal };

/** A refusal as a value: what the task has done until then is taken back, what was due stays done. */
const wholeOrNot = <T>(draft: Draft, task: () => T): Outcome<T> => {
  const takeBack = draft.mark();
  try {
    return { value: task() };
  } catch (error) {
    takeBack();
    if (error instanceof Refusal) return { error };
    throw error;
  }
};

/** Nobody has to wake those who wait for a time to come. */
const soonestOffer = (packets: Iterable<ExistingPacket>, now: Instant): number => {
  const times = [...packets].flatMap((packet) => offerOf(packet)?.offered_at ?? []).filter((at) => at > now);
  return Math.min(Infinity, ...times.map(epochOf));
};

/** What makes work suit an agent that waits, other than a packet: that it registers with more capabilities. */
const longestSleepMs = 1_000;

const claimNext = async (parts: LocalParts, { body: value, signal }: LocalCall) => {
  const body = checked<ClaimNextBody>('ClaimNextBody', value);
  const end = parts.clock() + (body.wait_seconds ?? 0) * 1000;
  for (;;) {
    signal.throwIfAborted();
    const find = (turn: Turn) => ({
      packets: claimNow(turn, body),
      next: soonestOffer([...turn.draft.allPackets()].map(packetOf), turn.now),
      position: turn.draft.position,
    });
    const { packets, next, position } = await change(parts, find, signal);
    const now = parts.clock();
    if (packets.length > 0 || now >= end) return { packets };
    const ms = Math.min(end - now, next - now, longestSleepMs);
    await parts.store.changed({ position, ms }, signal);
  }
};

interface Route {
  name: OperationName;
  method: string;
  pattern: RegExp;
}

// Fixed names come before those that may be anything: /packets/search is no packet.
const routes: Route[] = (Object.keys(operations) as OperationName[])
  .map((name) => ({ name, ...planOf(name) }))
  .sort((a, b) => a.template.split('{').length - b.template.split('{').length)
  .map(({ name, method, template }) => {
    const pattern = new RegExp(`^${template.replace(/\{(\w+)\}/g, '(?<$1>[^/]+)')}$`);
    return { name, method, pattern };
  });

const paramsIn = (path: string, pattern: RegExp): Record<string, string> | null => {
  const match = pattern.exec(path);
  if (match === null) return null;
  const parts = Object.entries(match.groups ?? {});
  return Object.fromEntries(parts.map(([name, part]) => [name, decodeURIComponent(part)]));
};

const revisionIn = (header: string | undefined): number | undefined =>
  header === undefined ? undefined : Number(header.replaceAll('"', ''));

const callOf = (
  { headers, body, signal }: WireRequest,
  params: Record<string, string>,
  query: string,
): LocalCall => ({
  params,
  query: new URLSearchParams(query),
  body: body === undefined ? undefined : (JSON.parse(body) as unknown),
  signal,
  facts: {
    claimId: headers['handoffrail-claim'],
    ifMatch: revisionIn(headers['if-match']),
    key: headers['idempotency-key'],
    digest: digestOf(body ?? ''),
  },
});

const unsupported = (name: string): Refusal =>
  new Refusal({ code: 'not_found', detail: `${name} is not there in local mode: it takes a server.` });

/** The operation that a path names, and the parts of the path that vary. @throws Refusal */
const operationAt = (
  method: string,
  path: string,
): { name: OperationName; params: Record<string, string> } => {
  for (const route of routes) {
    const params = route.method === method ? paramsIn(path, route.pattern) : null;
    if (params !== null) return { name: route.name, params };
  }
  throw unsupported(`${method} ${path}`);
};

const answerTo = async (parts: LocalParts, request: WireRequest): Promise<unknown> => {
  const [path = '', query = ''] = request.path.split('?');
  const { name, params } = operationAt(request.method, path);
  const call = callOf(request, params, query);
  if (name === 'commands_claimNext') return claimNext(parts, call);
  const [read, write] = [reads[name], writes[name]];
  if (read !== undefined) return look(parts, (turn) => read(turn, call));
  if (write !== undefined) return change(parts, (turn) => write(turn, call), call.signal);
  throw unsupported(`${request.method} ${path}`);
};

/** Rejects as soon as the signal is aborted; what goes on behind that is for nobody. */
const untilAborted = async <T>(signal: AbortSignal, task: Promise<T>): Promise<T> => {
  let leave = () => {};
  const aborted = new Promise<never>((_, reject) => {
    leave = () => reject(signal.reason as Error);
    signal.addEventListener('abort', leave, { once: true });
  });
  return Promise.race([task, aborted]).finally(() => signal.removeEventListener('abort', leave));
};

const wireAnswer = (status: number, body: unknown): WireAnswer => ({
  status,
  header: () => null,
  // As over a wire: what is handed out is a copy.
  text: body === undefined ? '' : JSON.stringify(body),
});

/** Answers the requests of a client out of a store, by the rules that the server has. */
export const localTransport =
  (parts: LocalParts): Transport =>
  async (request) => {
    try {
      return wireAnswer(200, await untilAborted(request.signal, answerTo(parts, request)));
    } catch (error) {
      if (!(error instanceof Refusal)) throw error;
      const problem = problemOf(error, `/api/v1${request.path}`);
      return wireAnswer(problem.status, problem);
    }
  };
