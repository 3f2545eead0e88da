import type { CommandGroup } from '../command-group.js';
import { seconds } from '../parse.js';
import { packetCard } from '../show/packets.js';

interface ClaimFlags {
  id: string;
  agentId: string;
  agentName?: string;
  framework?: string;
  lease?: number;
}

export const working: CommandGroup = {
  heading: 'Work:',
  add: (program, run) => {
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
  },
};
