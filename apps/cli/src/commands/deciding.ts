import { Option } from 'commander';
import type { CommandGroup } from '../command-group.js';
import { readJson } from '../input.js';
import { packetCard } from '../show/packets.js';

interface AnswerFlags {
  id: string;
  response: string;
  respondedBy: string;
  decision?: 'approve' | 'deny';
  notes?: string;
  answer?: string;
  approval?: boolean;
}

export const deciding: CommandGroup = {
  heading: 'Decide:',
  add: (program, run) => {
    program
      .command('respond <id>')
      .description('answer what a packet asks a person')
      .requiredOption('--response <text>', 'one of the options, or words of your own')
      .requiredOption('--responded-by <who>', 'who says so')
      .addOption(new Option('--decision <decision>', 'what it means').choices(['approve', 'deny']))
      .option('--notes <text>', 'why')
      .option('--answer <json>', 'the structured answer: JSON, @file or -')
      .option('--approval', 'the id is that of an approval, not of a packet')
      .action(
        run(async (session, { id, approval, answer, ...said }: AnswerFlags) => {
          const json =
            answer === undefined ? undefined : await readJson(answer, session.shell.stdin, '--answer');
          const body = { ...said, answer: json };
          const rail = await session.rail();
          const answered = approval ? rail.respondToApproval(id, body) : rail.respondToHitl(id, body);
          session.show(await answered, packetCard);
        }),
      );
  },
};
