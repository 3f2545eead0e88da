import { setTimeout as delay } from 'node:timers/promises';
import { ProvisionRefused, ServerTooOld } from '#libs/event-log';
import { type Config, readConfig, StartError } from './config.js';
import { createLogger, type Logger } from './logger.js';

/** Something that has been started. */
export interface Running {
  /** Takes no more work, finishes what is in flight, lets go of everything. */
  stop(): Promise<void>;
}

/** A key press reaches this process twice when npm hands the terminal's signal on. */
const echoMs = 400;
/** Beyond the time that draining may take. */
const graceMs = 3_000;

const isSentence = (error: Error): boolean =>
  [StartError, ServerTooOld, ProvisionRefused].some((kind) => error instanceof kind);

type ListenError = NodeJS.ErrnoException & { port: number; address: string };

const isListenError = (error: object): error is ListenError =>
  'syscall' in error && error.syscall === 'listen';

const listenSentence = ({ code, port, address }: ListenError, config?: Config): string => {
  const variable = port === config?.healthPort ? 'HR_HEALTH_PORT' : 'PORT';
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken by another program: stop that one, or set ${variable} to a free port.`;
  if (code === 'EACCES') return `Port ${port} is not for this user: set ${variable} to a port above 1023.`;
  return `HR_HOST must be an address of this machine, but "${address}" cannot be listened on (${code}).`;
};

/** What the person who started it should read: a sentence where the cause is theirs to mend. */
const explain = (error: unknown, config?: Config): string => {
  if (!(error instanceof Error)) return String(error);
  if (isListenError(error)) return listenSentence(error, config);
  return isSentence(error) ? error.message : (error.stack ?? error.message);
};

const refuseToStart = (error: unknown, config?: Config): never => {
  process.stderr.write(`${explain(error, config)}\n`);
  process.exit(1);
};

const stopInTime = async (running: Running, config: Config, logger: Logger): Promise<void> => {
  const late = Symbol('late');
  const limit = delay(config.drainMs + graceMs, late, { ref: false });
  const outcome = await Promise.race([running.stop(), limit]).catch((error: unknown) => {
    logger.error({ err: error }, 'stopping failed');
    return late;
  });
  process.exit(outcome === late ? 1 : 0);
};

/** Until the returned function is told what runs, there is nothing to drain: a signal ends the process. */
const stopOnSignals = (config: Config, logger: Logger): ((running: Running) => void) => {
  let running: Running | undefined;
  let asked = 0;
  const ask = (signal: NodeJS.Signals): void => {
    const now = Date.now();
    if (asked > 0 && now - asked < echoMs) return;
    if (asked > 0 || running === undefined) process.exit(signal === 'SIGINT' ? 130 : 143);
    asked = now;
    logger.info({ signal }, 'stopping');
    void stopInTime(running, config, logger);
  };
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.on(signal, ask);
  // Started by `start:services`, it goes when that one does, however that happens.
  process.once('disconnect', () => ask('SIGTERM'));
  return (started) => (running = started);
};

const failLoudly = (logger: Logger): void => {
  const fail = (error: unknown): void => {
    logger.fatal({ err: error }, 'a fault that nothing caught');
    process.exit(1);
  };
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
};

/**
 * Runs a process from its configuration to its end: a wrong setting or a taken port stops it with a sentence;
 * SIGINT, SIGTERM or SIGHUP drain it, a second one ends it at once; a fault that nothing caught ends it with 1.
 */
export const main = async (
  service: string,
  start: (config: Config, logger: Logger) => Promise<Running>,
  readableLines = false,
): Promise<void> => {
  let config: Config | undefined;
  try {
    config = readConfig(process.env);
    const logger = createLogger(config, service, readableLines);
    const stopWhenAsked = stopOnSignals(config, logger);
    failLoudly(logger);
    stopWhenAsked(await start(config, logger));
    process.send?.('ready');
  } catch (error) {
    refuseToStart(error, config);
  }
};
