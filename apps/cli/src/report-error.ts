import type { HandoffRailError } from '#libs/sdk';
import { CommanderError } from 'commander';
import { exitCodes } from './exit-codes.js';
import { nextStepOf } from './next-step.js';
import { UsageError } from './shell.js';
import type { Output } from './show/output.js';
import { manyLines } from './show/plain.js';

interface Told {
  /** A sentence. */
  message: string;
  code: string;
  /** HTTP status. */
  status?: number | undefined;
  /** Each field that is wrong. */
  errors?: { field: string; message: string }[] | undefined;
  /** What to do now. */
  next?: string | undefined;
}

const fieldsOf = ({ problem }: HandoffRailError): Told['errors'] =>
  problem?.errors?.map(({ field, message }) => ({ field, message }));

/** By what it has, not by its class: the SDK is loaded only by those who talk to a rail. */
const isRailError = (error: unknown): error is HandoffRailError =>
  error instanceof Error && 'code' in error && 'retryAfter' in error && 'problem' in error;

// What a proxy says for a rail that is not there is no problem document.
const isUnreachable = ({ status, problem, code }: HandoffRailError): boolean =>
  code === 'connection' ||
  code === 'timeout' ||
  (status !== undefined && status >= 500 && problem === undefined);

/** 0 is for what is no failure: help and version. */
export const exitCodeOf = (error: unknown): number => {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : exitCodes.usage;
  if (error instanceof UsageError) return exitCodes.usage;
  if (error instanceof Error && error.name === 'AbortError') return exitCodes.interrupted;
  return isRailError(error) && isUnreachable(error) ? exitCodes.unreachable : exitCodes.refused;
};

const toldOf = (error: unknown, help: string): Told => {
  if (error instanceof CommanderError) {
    const message = error.message.replace(/^error: /, '');
    return { code: 'usage', message, next: `See ${help}` };
  }
  if (error instanceof UsageError)
    return { code: 'usage', message: error.message, next: error.next ?? `See ${help}` };
  if (!isRailError(error))
    return { code: 'failed', message: error instanceof Error ? error.message : String(error) };
  const { message, code, status } = error;
  return { message, code, status, errors: fieldsOf(error), next: nextStepOf(error, help) };
};

const textOf = ({ message, code, errors = [], next }: Told, { noteLook }: Output): string => {
  const { paint } = noteLook;
  const label = code === 'usage' || code === 'failed' ? '' : paint.dim(` (${code})`);
  const fields = errors.map(({ field, message: what }) => `  ${field || 'body'}: ${manyLines(what)}`);
  const hint = next === undefined ? [] : [`${paint.dim('next:')} ${next}`];
  return [`${paint.red('error:')} ${manyLines(message)}${label}`, ...fields, ...hint].join('\n');
};

/**
 * The one place where failures are told, on stderr: what is wrong and what to do about it. Answers with the
 * exit code.
 * @param help the command that tells how it is used
 */
export const reportError = (error: unknown, { output, help }: { output: Output; help: string }): number => {
  const exitCode = exitCodeOf(error);
  // Help was printed instead, or whoever interrupted it knows.
  const known = error instanceof CommanderError && error.code.startsWith('commander.help');
  if (exitCode === 0 || exitCode === exitCodes.interrupted || known) return exitCode;
  const told = toldOf(error, help);
  output.complain(output.json ? JSON.stringify({ error: told }) : textOf(told, output));
  return exitCode;
};
