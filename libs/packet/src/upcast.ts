import { currentSchema } from './events.js';
import type { EventFrame, PacketEvent } from './events.js';

/** An event as it stands on the log: written by this or another version of the code. */
export interface RawEvent extends EventFrame {
  type: string;
  data: unknown;
}

/** Makes the data of schema `n + 1` out of that of schema `n`. It may not invent what was not recorded. */
export type Upcaster = (data: unknown) => unknown;

export interface Schemas {
  /** The schema that each type is written with. */
  current: Readonly<Record<string, number>>;
  /** By type, then by the schema that an upcaster starts from. */
  upcasters: Readonly<Record<string, Readonly<Record<number, Upcaster>>>>;
}

/** Add a row when a type's shape changes; never change or drop one. */
export const schemas: Schemas = { current: currentSchema, upcasters: {} };

const lifted = (raw: RawEvent, { current, upcasters }: Schemas): RawEvent => {
  const target = current[raw.type] ?? raw.schema;
  let { schema, data } = raw;
  for (; schema < target; schema++) {
    const upcaster = upcasters[raw.type]?.[schema];
    if (upcaster === undefined) break;
    data = upcaster(data);
  }
  return schema === raw.schema ? raw : { ...raw, schema, data };
};

const isReadable = ({ type, schema, data }: RawEvent): boolean =>
  typeof type === 'string' && Number.isInteger(schema) && typeof data === 'object' && data !== null;

/**
 * The event in today's shape; null when it is none. A type or schema that a newer version wrote is passed
 * on as it is: `evolve` counts it and changes only what it understands, so readers must expect a `type`
 * that they do not know.
 */
export const upcast = (raw: RawEvent, known: Schemas = schemas): PacketEvent | null =>
  isReadable(raw) ? (lifted(raw, known) as PacketEvent) : null;
