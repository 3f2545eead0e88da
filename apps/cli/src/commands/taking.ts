import { randomUUID } from 'node:crypto';
import type { HandoffRail, PacketDocument } from '#libs/sdk';
import type { CommandGroup } from '../command-group.js';
import { integer, many, seconds } from '../parse.js';
import type { Session } from '../session.js';
import { packetCards } from '../show/packets.js';

interface NextFlags {
  agentId: string;
  agentName?: string;
  framework?: string;
  capability?: string[];
  tag?: string[];
  max?: number;
  lease?: number;
  /** Seconds; true is without end. */
  wait?: number | true;
}

// What the rail lets one request wait.
const longestAskSeconds = 30;

type Wish = Parameters<HandoffRail['claimNext']>[0];

const wishOf = (flags: NextFlags): Wish => ({
  agentId: flags.agentId,
  agentName: flags.agentName,
  framework: flags.framework,
  capabilities: flags.capability,
  tags: flags.tag,
  max: flags.max,
  leaseSeconds: flags.lease,
});

interface Ask {
  rail: HandoffRail;
  wish: Wish;
  waitSeconds: number;
}

/** Asks once. Whoever hangs up meanwhile does not keep what was on its way. */
const ask = async ({ rail, wish, waitSeconds }: Ask, signal: AbortSignal): Promise<PacketDocument[]> => {
  const idempotencyKey = randomUUID();
  const body = { ...wish, waitSeconds };
  try {
    return (await rail.claimNext(body, { signal, idempotencyKey })).packets;
  } catch (error) {
    if (!signal.aborted) throw error;
    const again = rail.claimNext(body, { idempotencyKey, maxRetries: 0, signal: AbortSignal.timeout(1_000) });
    const packets = await again.then(
      (answer) => answer.packets,
      () => [],
    );
    for (const packet of packets)
      await rail.releasePacket(packet, { reason: 'Nobody waits for it any more.' });
    throw error;
  }
};

const take = async (session: Session, flags: NextFlags): Promise<PacketDocument[]> => {
  const rail = await session.rail();
  const wish = wishOf(flags);
  if (flags.wait === undefined) return (await rail.claimNext(wish)).packets;
  const { signal, output } = session;
  output.note('Waiting for work …');
  const end = flags.wait === true ? Infinity : Date.now() + flags.wait * 1_000;
  for (;;) {
    const left = Math.max(0, Math.ceil((end - Date.now()) / 1_000));
    const waitSeconds = Math.min(longestAskSeconds, left);
    const packets = await ask({ rail, wish, waitSeconds }, signal);
    if (packets.length > 0 || waitSeconds === left) return packets;
  }
};

/** Work that the rail chooses. */
export const taking: CommandGroup = {
  heading: 'Work:',
  add: (program, run) => {
    program
      .command('claim-next')
      .description('take the most urgent work there is for an agent')
      .requiredOption('--agent-id <id>', 'as which agent')
      .option('--agent-name <name>', 'its name; the id when left out')
      .option('--framework <name>', 'what it runs on')
      .option('--capability <capability>', 'what it can do, beside what its registration says', many)
      .option('--tag <tag>', 'only packets with all of these', many)
      .option('--max <n>', 'packets at most; 1 when left out', integer(1, 50))
      .option('--lease <span>', 'lose it unless a heartbeat comes in time: seconds, or 2m', seconds)
      .option('--wait [span]', 'wait for work when there is none: without end, or for 30s, 5m', seconds)
      .action(
        run(async (session, flags: NextFlags) =>
          session.show({ packets: await take(session, flags) }, packetCards),
        ),
      );
  },
};
