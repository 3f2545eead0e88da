import type { LoggerService } from '@nestjs/common';
import { destination, type Logger, pino, stdTimeFunctions } from 'pino';
import type { Config } from './config.js';

export type { Logger } from 'pino';

const { stdout } = process;

const readable = (line: string): string => {
  const { time, level, service, msg, err, pid: _pid, ...rest } = JSON.parse(line) as Record<string, unknown>;
  const failure = (err as { stack?: string } | undefined)?.stack;
  const details = Object.entries(rest).map(([name, value]) => `${name}=${JSON.stringify(value)}`);
  return [String(time).slice(11, 19), level, service, msg, ...details, failure && `\n${failure}`]
    .filter(Boolean)
    .join(' ');
};

/** One line of JSON per entry on stdout, or a line for people when `readableLines` is set. */
export const createLogger = (
  config: Pick<Config, 'logLevel'>,
  service: string,
  readableLines = false,
): Logger => {
  const out = readableLines
    ? { write: (line: string) => void stdout.write(`${readable(line)}\n`) }
    : destination({ fd: 1, sync: false });
  if ('flushSync' in out) process.once('exit', () => out.flushSync());
  return pino(
    {
      level: config.logLevel,
      base: { service, pid: process.pid },
      timestamp: stdTimeFunctions.isoTime,
      formatters: { level: (label) => ({ level: label }) },
    },
    out,
  );
};

const text = (message: unknown): string => (message instanceof Error ? message.message : String(message));

/** Nest's own lines through our logger: warnings and worse only, the rest is noise. */
export const nestLogger = (logger: Logger): LoggerService => ({
  log: () => undefined,
  debug: () => undefined,
  verbose: () => undefined,
  warn: (message, ...more) => logger.warn({ context: more.at(-1) }, text(message)),
  error: (message, ...more) =>
    logger.error({ context: more.at(-1), ...(message instanceof Error && { err: message }) }, text(message)),
  fatal: (message, ...more) => logger.fatal({ context: more.at(-1) }, text(message)),
});
