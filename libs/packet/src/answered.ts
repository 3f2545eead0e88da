import type { PacketEvent } from './events.js';
import { epochOf } from './ids.js';
import type { CommandId, Instant } from './ids.js';

interface AnsweredCommand {
  revision: number;
  digest: string;
  at: Instant;
  /** Of a create that took more than one event: its last one is not the packet's first. */
  created?: true;
}

/**
 * Answered commands, in pages, the oldest first. A new one copies its page only: copying all of them for each
 * event would make the fold of a long history quadratic.
 */
export type Answered = readonly Readonly<Record<CommandId, AnsweredCommand>>[];

const pageSize = 64;
const dayMs = 24 * 60 * 60 * 1000;

const isCreate = (entry: AnsweredCommand | undefined): boolean =>
  entry !== undefined && (entry.revision === 1 || entry.created === true);

/** A create is remembered for ever, the rest for a day at least. */
const isWorthKeeping = (page: Answered[number], oldest: number): boolean => {
  const entries = Object.values<AnsweredCommand>(page);
  const newest = entries.at(-1);
  return newest !== undefined && (isCreate(entries[0]) || epochOf(newest.at) >= oldest);
};

const isOpen = (page: Answered[number] | undefined): page is Answered[number] => {
  const entries = page === undefined ? [] : Object.values<AnsweredCommand>(page);
  // A create has a page of its own, which is never dropped.
  return entries.length > 0 && entries.length < pageSize && !isCreate(entries[0]);
};

/** The answered commands after this event, which is remembered if its caller may ask again for the answer. */
export const recorded = (answered: Answered, event: PacketEvent): Answered => {
  const { request_digest: digest, causation_id, revision, occurred_at: at } = event;
  if (digest === undefined) return answered;
  const entry = { revision, digest, at };
  const last = answered.at(-1);
  if (isCreate(last?.[causation_id]))
    return [...answered.slice(0, -1), { [causation_id]: { ...entry, created: true } }];
  if (isOpen(last)) return [...answered.slice(0, -1), { ...last, [causation_id]: entry }];
  const oldest = epochOf(at) - dayMs;
  return [...answered.filter((page) => isWorthKeeping(page, oldest)), { [causation_id]: entry }];
};

/** How this command was answered before, at the last of its events. */
export const answeredBefore = (answered: Answered, id: CommandId): AnsweredCommand | undefined =>
  answered.findLast((page) => Object.hasOwn(page, id))?.[id];
