import type { CommandReply, CommandRequest, SendCommand } from '#libs/contracts';
import { collectDefaultMetrics, Counter, Histogram, register } from 'prom-client';

let collecting = false;

/** Starts the process's own metrics (memory, event loop, garbage collection), once. */
export const startMetrics = (service: string): void => {
  register.setDefaultLabels({ service });
  if (collecting) return;
  collecting = true;
  collectDefaultMetrics();
};

/** The body of `GET /metrics`, and its content type. */
export const renderMetrics = async (): Promise<{ contentType: string; body: string }> => ({
  contentType: register.contentType,
  body: await register.metrics(),
});

const commands = new Counter({
  name: 'handoffrail_commands_total',
  help: 'Commands answered, by their outcome: accepted, quiet, replayed, a rejection code, or a fault code.',
  labelNames: ['command', 'outcome'],
});

const seconds = new Histogram({
  name: 'handoffrail_command_seconds',
  help: 'Time from a command reaching its service to its answer.',
  labelNames: ['command'],
  buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
});

const outcomeOf = (reply: CommandReply): string => {
  if (reply.outcome === 'refused') return reply.rejection.code;
  if (reply.outcome === 'fault') return reply.code;
  if (reply.replayed) return 'replayed';
  return reply.quiet ? 'quiet' : 'accepted';
};

/** Counts and times what a service answers. */
export const measured =
  (answer: SendCommand): SendCommand =>
  async (request: CommandRequest) => {
    const stop = seconds.startTimer({ command: request.type });
    const reply = await answer(request);
    stop();
    commands.inc({ command: request.type, outcome: outcomeOf(reply) });
    return reply;
  };
