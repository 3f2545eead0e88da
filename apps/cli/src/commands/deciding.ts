import { Option } from 'commander';
import type { CommandGroup } from '../command-group.js';
import { readJson } from '../input.js';
import { paged, type PageFlags, pageOf, pageQuery } from '../paging.js';
import { manyOf } from '../parse.js';
import { approvalList } from '../show/approvals.js';
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

const states = ['open', 'approved', 'denied', 'answered', 'timed_out', 'voided'] as const;

interface InboxFlags extends PageFlags {
  approver?: string;
  state?: (typeof states)[number][];
  overdue?: boolean;
  packet?: string;
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

    paged(program.command('approvals').description('list what waits for people, longest first'))
      .option('--approver <id>', 'what this user or group may answer')
      .option('--state <state>', 'open when left out', manyOf(states))
      .option('--overdue', 'open, and past the time to answer')
      .option('--packet <id>', 'of this packet')
      .action(
        run(async (session, flags: InboxFlags) => {
          const { approver, state = ['open'], overdue, packet } = flags;
          const rail = await session.rail();
          const filter = { ...pageQuery(flags), approver, state, overdue, packetId: packet };
          session.show(await pageOf(rail.listApprovals(filter), 'approvals', flags), approvalList);
        }),
      );
  },
};
