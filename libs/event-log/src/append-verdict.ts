import type { CommandRequest, RequestMeta } from '#libs/contracts';
import { fold, initialState, timersAfter } from '#libs/packet';
import type { ExistingPacket, Instant, Packet, PacketEvent, TimerChanges, Verdict } from '#libs/packet';
import type { AppendOutcome } from './appender.js';
import type { Exhausted } from './daily-quotas.js';
import type { PacketAppend, PacketLog } from './packet-log.js';
import type { Loaded } from './state-cache.js';
import { startSpan } from './trace.js';
import type { TraceSpan } from './trace.js';

export type Accepted = Extract<Verdict, { kind: 'accepted' }>;

/** What came of writing a verdict's events; `packet` is what the answer shows: for a chain the child. */
export type Written =
  | { kind: 'appended'; packet: ExistingPacket; sequence: number }
  | { kind: 'conflict' }
  | { kind: 'duplicate' }
  | Exhausted;

export interface WriteContext {
  log: PacketLog;
  request: CommandRequest;
  /** The command's span, the append's parent. */
  span: TraceSpan;
}

const stamp = (events: readonly PacketEvent[], traceparent: string): PacketEvent[] =>
  events.map((event) => ({ ...event, traceparent }));

const appendsOf = (ground: Loaded, verdict: Accepted, traceparent: string): PacketAppend[] => {
  const appends: PacketAppend[] = [];
  const add = (events: readonly PacketEvent[], from: Packet, expected: number): void => {
    if (events.length === 0) return;
    const stamped = stamp(events, traceparent);
    appends.push({ events: stamped, expected, state: fold(stamped, from) });
  };
  add(verdict.events, ground.packet, ground.sequence);
  if (verdict.child !== undefined) add(verdict.child, initialState, 0);
  return appends;
};

/** Only the packet that was asked has a past; a child is new. */
const timersOf = (ground: Loaded, appends: readonly PacketAppend[]): TimerChanges => {
  const changes = appends.flatMap(({ state, expected }) =>
    state.status === 'absent'
      ? []
      : [timersAfter(expected === ground.sequence ? ground.packet : initialState, state)],
  );
  return { set: changes.flatMap(({ set }) => set), cancel: changes.flatMap(({ cancel }) => cancel) };
};

/** When the packet is made that the tenant may make only so many of a day; null: it makes none, or any number. */
const countedFrom = (appends: readonly PacketAppend[], { packets_per_day }: RequestMeta): Instant | null => {
  if (packets_per_day === undefined) return null;
  const birth = appends.flatMap(({ events }) => events).find(({ type }) => type === 'packet.created');
  return birth?.occurred_at ?? null;
};

/**
 * Timers go first: one whose event never comes fires idly, but a claim whose timer never came would never
 * end, should the process die in between.
 */
const write = async (
  { log, request: { meta } }: WriteContext,
  ground: Loaded,
  appends: PacketAppend[],
): Promise<AppendOutcome | Exhausted> => {
  const timers = timersOf(ground, appends);
  const prepare = async (): Promise<void> => {
    if (timers.set.length > 0) await log.timers?.set(...timers.set);
  };
  const now = countedFrom(appends, meta);
  const { tenant_id: tenant, packets_per_day: limit = 0 } = meta;
  const outcome =
    now === null
      ? await prepare().then(() => log.append(...appends))
      : await log.quotas.take({ tenant, limit, now, appends, prepare });
  if (outcome.kind === 'appended') log.timers?.cancel(...timers.cancel);
  return outcome;
};

const isDecision = ({ type }: PacketEvent): boolean => type.startsWith('packet.approval_');

/** What becomes of a checkpoint, often days later and in another trace, refers back to its request. */
const linkToRequest = (span: TraceSpan, { packet }: Loaded, events: readonly PacketEvent[]): void => {
  if (packet.status !== 'awaiting_human' || packet.approval.traceparent === undefined) return;
  if (events.some(isDecision)) span.link(packet.approval.traceparent);
};

/**
 * Writes a verdict's events at the sequence it was reached on; a chain's parent and child in one atomic
 * batch. The events carry the append span's trace context.
 * @throws EventTooLarge, LogUnavailable
 */
export const appendVerdict = async (
  context: WriteContext,
  ground: Loaded,
  verdict: Accepted,
): Promise<Written> => {
  const { request, span: parent } = context;
  const span = startSpan('append', { parent: parent.traceparent, kind: 'producer' });
  try {
    const appends = appendsOf(ground, verdict, span.traceparent);
    const outcome = await write(context, ground, appends);
    span.set('handoffrail.append', outcome.kind);
    span.end();
    if (outcome.kind !== 'appended') return outcome;
    linkToRequest(parent, ground, verdict.events);
    const shown = appends.length - 1;
    const state = appends[shown]?.state ?? initialState;
    if (state.status === 'absent') throw new Error(`${request.type} left no packet.`);
    return { kind: 'appended', packet: state, sequence: outcome.sequences[shown] ?? 0 };
  } catch (error) {
    span.end(error);
    throw error;
  }
};
