import { randomBytes } from 'node:crypto';
import type { AnyJson } from '#libs/testing';
import type { Asked } from './ask.js';
import { type ApiOperation, CannotFill, type IdField } from './operations.js';
import type { Victim } from './victim.js';

/** A request that names something of another tenant, and the same request about what is nobody's. */
export interface Probe {
  about: string;
  asked: Asked;
  /** What it told the server by itself: it may come back. */
  sent: string[];
  /** The answer to this one must look the same. */
  twin?: { asked: Asked; sent: string[] };
  /** It names a thing that the caller cannot see: the only answer is that there is none. */
  isHidden: boolean;
}

/** Ids of the caller's own, by kind; of packets and checkpoints new ones each time. */
export type OwnIds = (kind: string) => Promise<string | undefined>;

/** What callers choose themselves, each tenant for itself: the same may be in two. */
const isNamed = (kind: string): boolean => kind === 'agent';

const twins = new Map<string, string>();

const madeLike = (value: string, mark: string): string => {
  const random = randomBytes(6).toString('hex');
  if (value.includes(mark)) return value.replaceAll(mark, `niemand${random}`);
  return /[0-9a-f]{12}$/.test(value) ? value.slice(0, -12) + random : `${value}x`;
};

/** A value of the same form that nobody has; the same each time, so that both have been asked about as often. */
export const freshLike = (value: string, mark: string): string => {
  const twin = twins.get(value) ?? madeLike(value, mark);
  twins.set(value, twin);
  return twin;
};

/** Every choice of one value from each list. */
const choices = (lists: string[][]): string[][] =>
  lists.reduce<string[][]>(
    (some, list) => some.flatMap((chosen) => list.map((one) => [...chosen, one])),
    [[]],
  );

/** The ids of the victim that a path takes. @throws CannotFill */
export const pathChoices = ({ name, pathKinds }: ApiOperation, { ids }: Victim): string[][] =>
  choices(
    pathKinds.map((kind) => {
      const known = ids[kind];
      if (known !== undefined && known.length > 0) return known;
      throw new CannotFill(`${name}: the victim has nothing of the kind "${kind}".`);
    }),
  );

interface Parts {
  path?: readonly string[];
  query?: Record<string, string>;
  body?: AnyJson;
  headers?: Record<string, string>;
}

/** The request of an operation with these parts; what is left out is as in its description. */
export const requestOf = (operation: ApiOperation, { path = [], query, body, headers }: Parts): Asked => {
  const given = [...path];
  const filled = operation.path.replaceAll(/\{\w+\}/g, () => encodeURIComponent(given.shift() ?? 'none'));
  const asks = new URLSearchParams({ ...operation.baseQuery, ...query }).toString();
  const sent: AnyJson = body ?? structuredClone(operation.body);
  // Nobody waits here for work to come.
  if (sent?.wait_seconds !== undefined) sent.wait_seconds = 0;
  return {
    method: operation.method,
    path: asks === '' ? filled : `${filled}?${asks}`,
    ...(sent !== undefined && { body: sent }),
    ...(operation.contentType && { contentType: operation.contentType }),
    ...(headers && { headers }),
  };
};

/** The operation on every id of the victim that it takes. */
export const pathProbes = (operation: ApiOperation, victim: Victim): Probe[] => {
  if (operation.pathKinds.length === 0) return [];
  return pathChoices(operation, victim).map((path) => {
    const other = path.map((id) => freshLike(id, victim.mark));
    const isHidden = !operation.pathKinds.every(isNamed);
    const twin = { asked: requestOf(operation, { path: other }), sent: other };
    return {
      about: `${operation.name} of ${path.join(', ')}`,
      asked: requestOf(operation, { path }),
      sent: path,
      // Whoever writes under a name has made it its own.
      ...((isHidden || operation.method === 'GET') && { twin }),
      isHidden,
    };
  });
};

const ownPath = async (operation: ApiOperation, own: OwnIds): Promise<string[] | undefined> => {
  const path = await Promise.all(operation.pathKinds.map((kind) => own(kind)));
  return path.every((id) => id !== undefined) ? path : undefined;
};

/** Channels of the live feed are named with what they are of. */
const spellings = (name: string, value: string): string[] =>
  name === 'subscribe' ? ['packet', 'root', 'agent'].map((kind) => `${kind}:${value}`) : [value];

/** Every filter of the operation with every word, id and cursor of the victim, on what is the caller's own. */
export const queryProbes = async (operation: ApiOperation, victim: Victim, own: OwnIds): Promise<Probe[]> => {
  const path = await ownPath(operation, own);
  if (path === undefined) return [];
  const ids = Object.values(victim.ids).flatMap((some) => some.slice(0, 2));
  const plain: Probe = {
    about: `${operation.name} as it is`,
    asked: requestOf(operation, { path }),
    sent: [],
    isHidden: false,
  };
  const probes = operation.textQuery.flatMap((name) => {
    const of = (value: string, twin?: string): Probe => ({
      about: `${operation.name}?${name}=${value}`,
      asked: requestOf(operation, { path, query: { [name]: value } }),
      sent: [value],
      isHidden: false,
      ...(twin !== undefined && {
        twin: { asked: requestOf(operation, { path, query: { [name]: twin } }), sent: [twin] },
      }),
    });
    // A cursor that is nobody's is refused: one of the victim's may be read, as a place and no more.
    if (name === 'cursor') return victim.cursors.map((cursor) => of(cursor));
    return [...victim.words, ...ids]
      .flatMap((value) => spellings(name, value))
      .map((value) => of(value, freshLike(value, victim.mark)));
  });
  return [plain, ...probes];
};

const withValue = (body: AnyJson, path: IdField['path'], value: unknown): AnyJson => {
  const [step, ...rest] = path;
  if (step === undefined) return value;
  if (typeof step === 'number') return [withValue(Array.isArray(body) ? body[0] : undefined, rest, value)];
  return { ...body, [step]: withValue(body?.[step], rest, value) };
};

/** The body of the example with the id in it, and the least body that holds it. */
const bodiesWith = (operation: ApiOperation, field: IdField, id: string): AnyJson[] => {
  const value = field.isList ? [id] : id;
  const required = Object.fromEntries(operation.requiredFields.map((name) => [name, operation.body?.[name]]));
  return [operation.body, required].map((body) => withValue(structuredClone(body), field.path, value));
};

/** Every id in the body of the operation set to one of the victim's, on what is the caller's own. */
export const bodyProbes = async (operation: ApiOperation, victim: Victim, own: OwnIds): Promise<Probe[]> => {
  const probes: Probe[] = [];
  for (const field of operation.idFields) {
    const [id] = victim.ids[field.kind] ?? [];
    if (id === undefined) throw new CannotFill(`${operation.name}: nothing for ${field.path.join('.')}.`);
    const other = freshLike(id, victim.mark);
    const bodies = bodiesWith(operation, field, id);
    const others = bodiesWith(operation, field, other);
    for (const [at, body] of bodies.entries()) {
      const [path, otherPath] = [await ownPath(operation, own), await ownPath(operation, own)];
      if (path === undefined || otherPath === undefined) continue;
      probes.push({
        about: `${operation.name} with ${field.path.join('.')} ${id}`,
        asked: requestOf(operation, { path, body }),
        sent: [id],
        twin: { asked: requestOf(operation, { path: otherPath, body: others[at] }), sent: [other] },
        isHidden: false,
      });
    }
  }
  return probes;
};

/** The operation as in its description, with the idempotency key that the victim has used. */
export const plainProbes = async (operation: ApiOperation, victim: Victim, own: OwnIds): Promise<Probe[]> => {
  const path = await ownPath(operation, own);
  if (path === undefined) return [];
  const headers = { 'idempotency-key': victim.idempotencyKey };
  return [
    {
      about: `${operation.name} with the idempotency key of another`,
      asked: requestOf(operation, { path, ...(operation.isIdempotent && { headers }) }),
      sent: [victim.idempotencyKey],
      isHidden: false,
    },
  ];
};
