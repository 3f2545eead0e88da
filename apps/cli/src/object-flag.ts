import type { Readable } from 'node:stream';
import { readJson } from './input.js';
import { UsageError } from './shell.js';

/** An object in JSON, given as such, in a file (`@file`) or at standard input (`-`). @throws UsageError */
export const readObject = async (
  text: string | undefined,
  stdin: Readable,
  flag: string,
): Promise<Record<string, unknown> | undefined> => {
  if (text === undefined) return undefined;
  const value = await readJson(text, stdin, flag);
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new UsageError(`${flag} is no object.`, `Such as: ${flag} '{"order": 4711}'`);
};
