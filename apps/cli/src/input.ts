import { readFile } from 'node:fs/promises';
import type { Readable } from 'node:stream';
import { UsageError } from './shell.js';

/** All of a stream, as text. */
export const textOf = async (stream: Readable): Promise<string> => {
  const pieces: Buffer[] = [];
  for await (const piece of stream) pieces.push(Buffer.from(piece as Buffer | string));
  return Buffer.concat(pieces).toString('utf8');
};

/** What a file holds, or standard input when the name is `-`. @throws UsageError */
export const readSource = async (name: string, stdin: Readable): Promise<string> => {
  if (name === '-') return textOf(stdin);
  try {
    return await readFile(name, 'utf8');
  } catch (error) {
    const why = error instanceof Error && 'code' in error ? String(error.code) : String(error);
    throw new UsageError(`${name} cannot be read (${why}).`);
  }
};

/** The text itself, or what it points at: `@file`, or `-` for standard input. @throws UsageError */
export const readText = async (text: string, stdin: Readable): Promise<string> => {
  if (text === '-') return (await textOf(stdin)).replace(/\n$/, '');
  return text.startsWith('@') ? readSource(text.slice(1), stdin) : text;
};

/** JSON, given as such, in a file (`@file`) or at standard input (`-`). @throws UsageError */
export const readJson = async (text: string, stdin: Readable, flag: string): Promise<unknown> => {
  try {
    return JSON.parse(await readText(text, stdin)) as unknown;
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new UsageError(
      `${flag} is no JSON: ${error.message}`,
      `A text is JSON in quotes: ${flag} '"done"'`,
    );
  }
};

/** A document out of a file: YAML by the name of it, either at standard input, JSON otherwise. @throws UsageError */
export const readDocument = async (name: string, stdin: Readable): Promise<Record<string, unknown>> => {
  const text = await readSource(name, stdin);
  const value = await valueIn(text, name);
  if (typeof value === 'object' && value !== null && !Array.isArray(value))
    return value as Record<string, unknown>;
  throw new UsageError(`${name} holds no object.`);
};

const valueIn = async (text: string, name: string): Promise<unknown> => {
  if (name === '-') return eitherIn(text);
  return /\.ya?ml$/i.test(name) ? yamlIn(text, name) : jsonIn(text, name);
};

/** What starts as JSON is told its faults as JSON. */
const eitherIn = (text: string): unknown =>
  /^\s*[{[]/.test(text) ? jsonIn(text, 'standard input') : yamlIn(text, 'standard input');

const jsonIn = (text: string, name: string): unknown => {
  try {
    return JSON.parse(text) as unknown;
  } catch (error) {
    throw new UsageError(`${name} is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
};

const yamlIn = async (text: string, name: string): Promise<unknown> => {
  const { parse } = await import('yaml');
  try {
    return parse(text) as unknown;
  } catch (error) {
    throw new UsageError(`${name} is no YAML: ${error instanceof Error ? error.message : String(error)}`);
  }
};
