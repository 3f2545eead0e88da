import type { Command } from 'commander';
import { byClaimant, type ClaimantFlags, claimantOf } from '../claimant.js';
import type { CommandGroup, Run } from '../command-group.js';
import { readJson } from '../input.js';
import { integer, seconds } from '../parse.js';
import { packetCard } from '../show/packets.js';

interface ClaimFlags {
  id: string;
  agentId: string;
  agentName?: string;
  framework?: string;
  lease?: number;
}

const addClaim = (program: Command, run: Run): void => {
  program
    .command('claim <id>')
    .description('take one packet: a single agent gets it')
    .requiredOption('--agent-id <id>', 'as which agent')
    .option('--agent-name <name>', 'its name; the id when left out')
    .option('--framework <name>', 'what it runs on')
    .option('--lease <span>', 'lose it unless a heartbeat comes in time: seconds, or 2m', seconds)
    .action(
      run(async (session, { id, agentId, agentName, framework, lease }: ClaimFlags) => {
        const rail = await session.rail();
        const body = { agentId, agentName, framework, leaseSeconds: lease };
        session.show(await rail.claimPacket(id, body), packetCard);
      }),
    );
};

const addStart = (program: Command, run: Run): void => {
  byClaimant(
    program.command('start <id>').description('say that work has begun; not needed to complete'),
  ).action(
    run(async (session, flags: ClaimantFlags) => {
      const rail = await session.rail();
      session.show(await rail.startPacket(flags.id, claimantOf(flags, session)), packetCard);
    }),
  );
};

const addProgress = (program: Command, run: Run): void => {
  byClaimant(program.command('progress <id>').description('say how far the work is'))
    .requiredOption('--percent <n>', '0 to 100', integer(0, 100))
    .option('--note <text>', 'what was done')
    .action(
      run(
        async (session, { percent, note, ...flags }: ClaimantFlags & { percent: number; note?: string }) => {
          const rail = await session.rail();
          const body = { percent, note, ...claimantOf(flags, session) };
          session.show(await rail.reportProgress(flags.id, body), packetCard);
        },
      ),
    );
};

const addComplete = (program: Command, run: Run): void => {
  byClaimant(program.command('complete <id>').description('end the work with a result'))
    .option('--result <json>', 'any JSON, @file, or - for standard input')
    .action(
      run(async (session, { result: given, ...flags }: ClaimantFlags & { result?: string }) => {
        const result =
          given === undefined ? undefined : await readJson(given, session.shell.stdin, '--result');
        const rail = await session.rail();
        const body = { result, ...claimantOf(flags, session) };
        session.show(await rail.completePacket(flags.id, body), packetCard);
      }),
    );
};

interface FailFlags extends ClaimantFlags {
  reason: string;
  code?: string;
  retryable?: boolean;
}

const addFail = (program: Command, run: Run): void => {
  byClaimant(program.command('fail <id>').description('end the work without a result'))
    .requiredOption('--reason <text>', 'why')
    .option('--code <code>', 'the same for programs')
    .option('--retryable', 'offer it again, while it has attempts left')
    .action(
      run(async (session, { reason, code, retryable, ...flags }: FailFlags) => {
        const rail = await session.rail();
        const body = { reason, code, retryable, ...claimantOf(flags, session) };
        session.show(await rail.failPacket(flags.id, body), packetCard);
      }),
    );
};

const addReject = (program: Command, run: Run): void => {
  byClaimant(program.command('reject <id>').description('refuse the work; the next who suits it gets it'))
    .requiredOption('--reason <text>', 'why')
    .action(
      run(async (session, { reason, ...flags }: ClaimantFlags & { reason: string }) => {
        const rail = await session.rail();
        const body = { reason, ...claimantOf(flags, session) };
        session.show(await rail.rejectPacket(flags.id, body), packetCard);
      }),
    );
};

const addRelease = (program: Command, run: Run): void => {
  byClaimant(program.command('release <id>').description('give the work back, to be offered again'))
    .option('--reason <text>', 'why')
    .option('--delay <span>', 'after this time: seconds, or 5m', seconds)
    .action(
      run(
        async (session, { reason, delay, ...flags }: ClaimantFlags & { reason?: string; delay?: number }) => {
          const rail = await session.rail();
          const body = { reason, delaySeconds: delay, ...claimantOf(flags, session) };
          session.show(await rail.releasePacket(flags.id, body), packetCard);
        },
      ),
    );
};

const verbs = [addClaim, addStart, addProgress, addComplete, addFail, addReject, addRelease];

/** What those do who take work, a packet at a time. */
export const working: CommandGroup = {
  heading: 'Work:',
  add: (program, run) => verbs.forEach((add) => add(program, run)),
};
