import type { AnyJson } from '#libs/testing';
import type { Victim } from './victim.js';

/** What must be nowhere in what others hear: the mark, and every id that is nobody's choice. */
export const secretsOf = ({ mark, ids }: Victim): string[] => [mark, ...Object.values(ids).flat()];

const spelled = (value: string): string[] => [
  value,
  encodeURIComponent(value),
  JSON.stringify(value).slice(1, -1),
];

/** The text with what the caller said itself taken out. */
const without = (text: string, sent: Iterable<string>, mark = ''): string =>
  [...sent]
    .flatMap(spelled)
    .sort((a, b) => b.length - a.length)
    .reduce((rest, value) => rest.replaceAll(value, mark), text);

/** What of a tenant's stands in a text, beside what its reader said itself. */
export const leaksIn = (text: string, victim: Victim, sent: Iterable<string> = []): string[] => {
  const rest = without(text, sent);
  return secretsOf(victim).filter((secret) => rest.includes(secret));
};

/** Changes by itself, or names the one request. */
const restless = new Set(['trace_id', 'last_used_at', 'resets_at', 'reset_at', 'oldest_waiting_seconds']);

const settled = (value: AnyJson): AnyJson => {
  if (Array.isArray(value)) return value.map(settled);
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .filter(([name]) => !restless.has(name))
      .map(([name, field]) => [name, settled(field)]),
  );
};

/** The body of an answer, without what is another each time. */
export const bodyOf = (text: string): AnyJson => {
  const body = text.slice(text.indexOf('\n') + 1);
  try {
    return settled(JSON.parse(body));
  } catch {
    return body;
  }
};

/** What an answer looks like: without what was sent, and with no id, time or place of its own. */
export const shapeOf = (text: string, sent: Iterable<string> = []): string => {
  const anonymous = without(text.slice(text.indexOf('\n') + 1), sent, '…');
  return JSON.stringify(bodyOf(`\n${anonymous}`))
    .replaceAll(/[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}/g, 'an id')
    .replaceAll(/\d{4}-\d\d-\d\dT[\d:.]+Z/g, 'a time')
    .replaceAll(/"next_cursor":"[^"]*"/g, '"next_cursor":"a place"');
};

/** Where two JSON texts differ, as paths; places in lists are told as `*`. */
export const differences = (one: AnyJson, other: AnyJson, at = ''): string[] => {
  const isObject = (value: AnyJson): boolean => typeof value === 'object' && value !== null;
  if (!isObject(one) || !isObject(other)) return Object.is(one, other) ? [] : [at];
  if (Array.isArray(one) && one.length !== other.length) return [at];
  const names = new Set([...Object.keys(one), ...Object.keys(other)]);
  return [...names].flatMap((name) =>
    differences(one[name], other[name], `${at}/${Array.isArray(one) ? '*' : name}`),
  );
};
