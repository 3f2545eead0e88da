import { type Operations, operations } from './generated/operations.js';
import type { PacketDocument } from './generated/wire.js';

export type OperationName = keyof Operations;

/** Those that answer with a page of something. */
export type ListName = {
  [Name in OperationName]: Operations[Name]['answer'] extends { next_cursor: string | null } ? Name : never;
}[OperationName];

/** Those about one packet that answer with it. */
export type PacketCommandName = {
  [Name in OperationName]: Operations[Name]['answer'] extends PacketDocument ? Name : never;
}[OperationName];

/** What fills the path, the query and the body of an operation. */
export interface CallInput<Name extends OperationName> {
  params?: Record<string, string>;
  query?: Operations[Name]['query'];
  body?: Operations[Name]['body'];
}

/** Method, path and flags of an operation. */
export interface OperationPlan {
  method: string;
  /** With `{names}` to fill. */
  template: string;
  flags: string[];
}

export const planOf = (name: OperationName): OperationPlan => {
  const [method = '', template = '', ...flags] = operations[name].split(' ');
  return { method, template, flags };
};

// Lists go as one value with commas, as the API has them.
const queryValue = (value: unknown): string => (value instanceof Date ? value.toISOString() : String(value));

const queryOf = (query: object): string => {
  const given = Object.entries(query).filter(([, value]) => value !== undefined && value !== null);
  const entries = given.map(([name, value]): [string, string] => [name, queryValue(value)]);
  const text = new URLSearchParams(entries).toString();
  return text === '' ? '' : `?${text}`;
};

/** The path below the API's base, its parts escaped. */
export const pathOf = (
  template: string,
  { params = {}, query = {} }: { params?: Record<string, string>; query?: object | undefined },
): string => {
  const path = template.replace(/\{(\w+)\}/g, (_, name: string) => encodeURIComponent(params[name] ?? ''));
  return `${path}${queryOf(query)}`;
};
