import type { PacketDocument, WorkContext } from '#libs/sdk';
import { type CommandEnd, runCommand, TooMuchOutput } from './run-command.js';

/** How a packet went. */
export interface WorkReport {
  packet_id: string;
  outcome: 'done' | 'failed' | 'stopped';
  /** Null when a signal ended it. */
  exit_code: number | null;
  /** Why it failed, or was stopped. */
  reason: string | null;
  seconds: number;
}

export interface WorkPlan {
  words: [command: string, ...args: string[]];
  env: Readonly<Record<string, string | undefined>>;
  /** Exit codes that say that another try would fail alike. */
  finalCodes: readonly number[];
  onReport: (report: WorkReport) => void;
  /** Hears what the command says on stderr. */
  onNote: (text: string) => void;
  /** The command cannot be run at all: no packet is to blame for that. */
  onBroken: (error: Error) => void;
}

/** The command ended badly; told already. */
export class CommandFailed extends Error {}

type Terminal = new (message: string, more?: { code?: string }) => Error;

const lastLine = (text: string): string => text.trim().split('\n').at(-1)?.trim() ?? '';

/** What the command printed: JSON as such, anything else as text. */
export const resultOf = (stdout: string): unknown => {
  const text = stdout.trim();
  if (text === '') return undefined;
  try {
    return JSON.parse(text) as unknown;
  } catch {
    return text;
  }
};

const reasonOf = (command: string, { exitCode, signalName, stderr }: CommandEnd): string => {
  const how = exitCode === null ? `was ended by ${signalName}` : `ended with ${exitCode}`;
  const said = lastLine(stderr);
  return `${command} ${how}${said === '' ? '' : `: ${said}`}`.slice(0, 2_000);
};

const environmentOf = (packet: PacketDocument): Record<string, string> => ({
  HANDOFFRAIL_PACKET_ID: packet.id,
  ...(packet.claim && {
    HANDOFFRAIL_CLAIM_ID: packet.claim.claim_id,
    HANDOFFRAIL_AGENT_ID: packet.claim.agent.id,
  }),
});

const isNotRunnable = (error: unknown): error is Error =>
  error instanceof Error && 'syscall' in error && String(error.syscall).startsWith('spawn');

const untilAborted = (signal: AbortSignal): Promise<void> =>
  new Promise((resolve) => {
    if (signal.aborted) resolve();
    else signal.addEventListener('abort', () => resolve(), { once: true });
  });

/** Does the work of packets by running a command for each: the document on its stdin, the result from its stdout. */
export const workWithCommand =
  ({ words: [command, ...args], finalCodes, ...plan }: WorkPlan, TerminalError: Terminal) =>
  async (packet: PacketDocument, { signal }: WorkContext): Promise<unknown> => {
    const begun = Date.now();
    const report = (outcome: WorkReport['outcome'], exit_code: number | null, reason: string | null) =>
      plan.onReport({
        packet_id: packet.id,
        outcome,
        exit_code,
        reason,
        seconds: (Date.now() - begun) / 1_000,
      });
    try {
      const env = { ...plan.env, ...environmentOf(packet) };
      const input = `${JSON.stringify(packet)}\n`;
      const end = await runCommand({ command, args, env, input, signal, onNote: plan.onNote });
      if (signal.aborted) return void report('stopped', end.exitCode, (signal.reason as Error).message);
      if (end.exitCode === 0) {
        report('done', 0, null);
        return resultOf(end.stdout);
      }
      const reason = reasonOf(command, end);
      report('failed', end.exitCode, reason);
      const isFinal = end.exitCode !== null && finalCodes.includes(end.exitCode);
      throw isFinal ? new TerminalError(reason, { code: `exit_${end.exitCode}` }) : new CommandFailed(reason);
    } catch (error) {
      if (error instanceof TooMuchOutput) {
        report('failed', null, error.message);
        throw new TerminalError(error.message, { code: 'too_much_output' });
      }
      if (!isNotRunnable(error)) throw error;
      plan.onBroken(error);
      await untilAborted(signal);
      throw error;
    }
  };
