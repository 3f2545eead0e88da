import { setTimeout as sleep } from 'node:timers/promises';
import type { CommandReply, CommandRequest } from '#libs/contracts';
import { decide, instantAt } from '#libs/packet';
import type { PacketCommand, Verdict } from '#libs/packet';
import { EventTooLarge } from './appender.js';
import { answerAccepted, answerQuiet, answerReplayed } from './command-answers.js';
import type { Exhausted } from './daily-quotas.js';
import { countCommand, countConflict, outcomeOf } from './metrics.js';
import type { PacketLog } from './packet-log.js';
import type { Loaded } from './state-cache.js';
import { startSpan } from './trace.js';
import type { TraceSpan } from './trace.js';
import { LogUnavailable } from './unavailable.js';
import { uuidv7 } from './uuidv7.js';
import { appendVerdict } from './append-verdict.js';

/** Decides again this often after losing against another writer. */
const retries = 3;

interface Ground extends Loaded {
  /** Read from the log for this very attempt, so that a refusal on it is true. */
  current: boolean;
}

type Run = { log: PacketLog; request: CommandRequest; span: TraceSpan };

const commandOf = (request: CommandRequest): PacketCommand => ({
  ...request,
  meta: { ...request.meta, now: instantAt(Date.now()), event_id: uuidv7() },
});

const loadNow = async ({ log, request: { meta } }: Run): Promise<Ground> => ({
  ...(await log.load(meta.tenant_id, meta.packet_id)),
  current: true,
});

// A create starts from nothing and any other command from memory, both without a round trip: the append's
// expected sequence finds out if that was wrong.
const firstGround = async (run: Run): Promise<Ground> => {
  const { meta, type } = run.request;
  const held = run.log.cached(meta.tenant_id, meta.packet_id);
  if (held !== undefined) return { ...held, current: false };
  if (type === 'create') return { packet: { status: 'absent' }, sequence: 0, current: false };
  return loadNow(run);
};

const changes = (verdict: Verdict): boolean =>
  verdict.kind === 'accepted' && (verdict.events.length > 0 || verdict.child !== undefined);

interface Decided {
  ground: Ground;
  verdict: Verdict;
}

/** Only an append can prove an unread state right (and a replay is history), so other verdicts are reached on what the log has now. */
const decideOn = async (run: Run, ground: Ground): Promise<Decided> => {
  const verdict = decide(commandOf(run.request), ground.packet);
  if (ground.current || verdict.kind === 'replayed' || changes(verdict)) return { ground, verdict };
  const current = await loadNow(run);
  return { ground: current, verdict: decide(commandOf(run.request), current.packet) };
};

/** The command is on the log already. Whether it came for the same body, the packet knows. */
const answerStored = async (run: Run): Promise<CommandReply> => {
  const ground = await loadNow(run);
  const verdict = decide(commandOf(run.request), ground.packet);
  if (verdict.kind === 'replayed') return answerReplayed(run, verdict.revision);
  const isMisused = verdict.kind === 'refused' && verdict.rejection.code === 'idempotency_mismatch';
  return isMisused ? { outcome: 'refused', rejection: verdict.rejection } : answerQuiet(run, ground);
};

/** Refused, unless the log has the packet by now: what was counted before is not counted again. */
const answerExhausted = async (
  run: Run,
  ground: Ground,
  { limit, used, resets_at }: Exhausted,
): Promise<CommandReply | null> => {
  if (!ground.current) return attempt(run, await loadNow(run));
  const detail = `This tenant has made the ${limit} packets that it may make in a day: wait until ${resets_at}.`;
  return { outcome: 'refused', rejection: { code: 'daily_limit_reached', detail, limit, used, resets_at } };
};

/** The answer, or null when another writer came first. */
const attempt = async (run: Run, start: Ground): Promise<CommandReply | null> => {
  const { ground, verdict } = await decideOn(run, start);
  if (verdict.kind === 'refused') return { outcome: 'refused', rejection: verdict.rejection };
  if (verdict.kind === 'replayed') return answerReplayed(run, verdict.revision);
  if (!changes(verdict)) return answerQuiet(run, ground);
  const written = await appendVerdict(run, ground, verdict);
  if (written.kind === 'conflict') return null;
  if (written.kind === 'exhausted') return answerExhausted(run, ground, written);
  return written.kind === 'appended' ? answerAccepted(written) : answerStored(run);
};

const pause = (round: number): Promise<void> => sleep(Math.random() * 4 * 2 ** round);

const settle = async (run: Run): Promise<CommandReply> => {
  let reply = await attempt(run, await firstGround(run));
  for (let round = 0; reply === null && round < retries; round += 1) {
    countConflict();
    if (round > 0) await pause(round);
    reply = await attempt(run, await loadNow(run));
  }
  const detail = `Other writers came first ${retries + 1} times. Send the command again.`;
  return reply ?? { outcome: 'fault', code: 'contended', detail };
};

const tooLarge = ({ bytes, limit }: EventTooLarge): CommandReply => {
  const detail = `The change takes ${bytes} bytes on the log, which takes ${limit}. Send less, or refer to large parts by url.`;
  return { outcome: 'refused', rejection: { code: 'packet_too_large', detail } };
};

const ourFault = 'Something failed on our side. Send the request again; if it stays, report the trace id.';

const faultOf = (error: unknown, { log, request, span }: Run): CommandReply => {
  if (error instanceof EventTooLarge) return tooLarge(error);
  span.set('error.type', error instanceof Error ? error.name : 'unknown');
  const fields = {
    packet_id: request.meta.packet_id,
    trace_id: span.traceId,
    command: request.type,
    err: error,
  };
  if (error instanceof LogUnavailable) {
    log.logger.warn(fields, 'The log is not available.');
    return { outcome: 'fault', code: 'unavailable', detail: error.message };
  }
  log.logger.error(fields, 'A command failed.');
  return { outcome: 'fault', code: 'internal', detail: ourFault };
};

const report = ({ log, request, span }: Run, reply: CommandReply, startedAt: number): void => {
  const outcome = outcomeOf(reply);
  countCommand(request.type, outcome, startedAt);
  span.set('handoffrail.outcome', outcome);
  span.end(reply.outcome === 'fault' ? reply.detail : undefined);
  const { packet_id } = request.meta;
  log.logger.debug({ packet_id, trace_id: span.traceId, command: request.type, outcome }, 'command');
};

/**
 * Carries out one command: state, decision, append at the state's sequence; decided again when another
 * writer came first. Commands of one packet run one after the other in this process. Never rejects: what is
 * nobody's fault but ours is a `fault` in the reply.
 */
export const handleCommand = async (log: PacketLog, request: CommandRequest): Promise<CommandReply> => {
  const startedAt = performance.now();
  const { tenant_id, packet_id, traceparent } = request.meta;
  const span = startSpan(`command ${request.type}`, {
    parent: traceparent,
    attributes: { 'handoffrail.packet_id': packet_id, 'handoffrail.tenant_id': tenant_id },
  });
  const run = { log, request, span };
  const reply = await log
    .inTurn(tenant_id, packet_id, () => settle(run))
    .catch((error: unknown) => faultOf(error, run));
  report(run, reply, startedAt);
  return reply;
};
