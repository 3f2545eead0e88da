import type { PacketEvent } from './events.js';
import { epochOf } from './ids.js';
import type { CommandId } from './ids.js';
import type { PacketBase } from './state.js';

type Answered = PacketBase['answered'];

const kept = 64;
const dayMs = 24 * 60 * 60 * 1000;

/** A create is remembered for ever, the rest for a day at least. */
const isWorthKeeping = (entry: Answered[CommandId] | undefined, oldest: number): boolean =>
  entry !== undefined && (entry.revision === 1 || epochOf(entry.at) >= oldest);

const pruned = (answered: Answered, now: number): Answered =>
  Object.fromEntries(Object.entries(answered).filter(([, entry]) => isWorthKeeping(entry, now - dayMs)));

/** The answered commands after this event, which is remembered if its caller may ask again for the answer. */
export const recorded = (answered: Answered, event: PacketEvent): Answered => {
  const { request_digest: digest, causation_id, revision, occurred_at: at } = event;
  if (digest === undefined) return answered;
  const next = { ...answered, [causation_id]: { revision, digest, at } };
  return Object.keys(next).length > kept ? pruned(next, epochOf(at)) : next;
};
