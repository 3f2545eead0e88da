import type { HistoryDocument, HistoryEventDocument } from '#libs/sdk';
import { momentOf } from './moments.js';
import { paintStatus } from './paint.js';
import { oneLine } from './plain.js';
import type { Look, Shape } from './shape.js';
import { table } from './table.js';

type Json = Record<string, unknown>;

const textIn = (from: Json, field: string): string => {
  const value = from[field];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
};

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** Who did it, in the words that were given: a key says less. */
const whoOf = ({ actor }: HistoryEventDocument): string =>
  textIn(actor, 'responded_by') || textIn(actor, 'agent_id') || textIn(actor, 'id');

const told = ['question', 'response', 'outcome', 'reason', 'code', 'percent', 'note', 'attempt'];

/** Of what an event holds, the parts that say something by themselves. */
const whatOf = ({ details }: HistoryEventDocument): string => {
  const parts = [details, ...Object.values(details).filter(isObject)];
  return told
    .map((field) => [field, parts.map((part) => textIn(part, field)).find((text) => text !== '') ?? ''])
    .filter(([, value]) => value !== '')
    .map(([field = '', value = '']) => `${field}: ${oneLine(value)}`)
    .join(', ');
};

const wordOf = (event: HistoryEventDocument): string => event.event_type.replace(/^packet\./, '');

const columns = [
  { title: 'TIME', value: ({ timestamp }: HistoryEventDocument) => momentOf(timestamp) },
  { title: 'EVENT', value: wordOf, paint: paintStatus },
  { title: 'BY', value: whoOf },
  { title: 'DETAILS', value: whatOf, flexible: true },
];

/** What happened to a packet, oldest first. */
export const historyTable: Shape<Pick<HistoryDocument, 'events'>> = {
  text: ({ events }, look) =>
    events.length === 0 ? look.paint.dim('Nothing happened.') : table(columns, events, look),
};

/** One event by itself, as it comes. */
export const historyLine: Shape<HistoryEventDocument> = {
  text: (event, { paint }: Look) =>
    [paint.dim(momentOf(event.timestamp)), paintStatus(wordOf(event), paint), whoOf(event), whatOf(event)]
      .filter((part) => part !== '')
      .join('  '),
};
