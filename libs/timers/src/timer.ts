import { timerHeaders, timerSubject } from '#libs/contracts';
import type { HeaderEntry, Piece, Received } from '#libs/event-log';
import { Poison } from '#libs/event-log';
import { epochOf, type Instant, type Json, parseInstant } from '#libs/packet';

/** Names one timer: of the same kind and key there is never more than one. */
export interface TimerId {
  kind: string;
  /** 1 to 8 words of letters, digits, `_` and `-`. */
  key: readonly string[];
}

export interface Timer extends TimerId {
  /** When it fires; what has passed fires at once. */
  at: Instant;
  /** Handed to the handler; null when left out. */
  payload?: Json;
  /** W3C trace context of what set it. */
  traceparent?: string;
}

/** A timer whose time has come. */
export interface DueTimer extends TimerId {
  /** When it was to fire. */
  due: Instant;
  payload: Json;
  traceparent?: string;
  /** 1 at the first delivery. */
  attempt: number;
}

const word = /^[\w-]{1,128}$/;
const maxWords = 8;

const checkedId = ({ kind, key }: TimerId): TimerId => {
  const words = [kind, ...key];
  const isFine = words.length > 1 && words.length <= maxWords + 1 && words.every((one) => word.test(one));
  if (!isFine) throw new RangeError(`"${words.join('.')}" is no timer.`);
  return { kind, key };
};

/** Where the schedule of a timer is kept. @throws RangeError when the words cannot stand in a subject */
export const scheduleSubject = (id: TimerId): string => {
  const { kind, key } = checkedId(id);
  return timerSubject('set', kind, key);
};

const scheduleHeader = 'Nats-Schedule';
const at = '@at ';

/** The message that the server keeps, and publishes to its target at its time. */
export const scheduleOf = (timer: Timer): Piece => {
  const headers: HeaderEntry[] = [
    [scheduleHeader, at + timer.at],
    ['Nats-Schedule-Target', timerSubject('due', timer.kind, timer.key)],
    [timerHeaders.due, timer.at],
    [timerHeaders.traceparent, timer.traceparent],
  ];
  const payload = timer.payload === undefined ? '' : JSON.stringify(timer.payload);
  return { subject: scheduleSubject(timer), headers, payload: Buffer.from(payload) };
};

/** The time in a stored schedule; null for what is none. */
export const timeOf = (headers: ReadonlyMap<string, string>): Instant | null => {
  const schedule = headers.get(scheduleHeader);
  return schedule?.startsWith(at) ? parseInstant(schedule.slice(at.length)) : null;
};

/** What a due timer's message says. @throws Poison when it is not ours */
export const readDue = ({ subject, headers, payload, attempt }: Received): DueTimer => {
  const [, , , kind, ...key] = subject.split('.');
  const due = parseInstant(headers.get(timerHeaders.due) ?? '');
  if (kind === undefined || key.length === 0 || due === null) throw new Poison('This is no timer of ours.');
  const traceparent = headers.get(timerHeaders.traceparent);
  return { kind, key, due, payload: parsed(payload), attempt, ...(traceparent && { traceparent }) };
};

const parsed = (payload: string): Json => {
  if (payload === '') return null;
  try {
    return JSON.parse(payload) as Json;
  } catch {
    throw new Poison('The payload of this timer is not JSON.');
  }
};

/** Schedules count nanoseconds from 1970 in 64 bits, which end in 2262; nobody will wait so long. */
const endOfTime = Date.UTC(2200, 0);

/** Whether anybody will ever see it fire. */
export const isInReach = (timer: Timer): boolean => epochOf(timer.at) < endOfTime;
