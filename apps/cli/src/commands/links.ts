import type { Command } from 'commander';
import type { CommandGroup, Run } from '../command-group.js';
import { seconds } from '../parse.js';
import { linkList, madeLink } from '../show/links.js';
import { doneLine } from '../show/listing.js';

interface CreateFlags {
  approval: string;
  approver: string;
  expires?: number;
}

const addCreate = (links: Command, run: Run): void => {
  links
    .command('create <approval>')
    .description('make a link that answers once; it is shown this once')
    .requiredOption('--approver <id>', 'who votes by it')
    .option('--expires <span>', 'how long it works: seconds, or 2h; a day when left out', seconds)
    .action(
      run(async (session, { approval, approver, expires }: CreateFlags) => {
        const rail = await session.rail();
        const body = { approver, expiresInSeconds: expires };
        session.show(await rail.createApprovalLink(approval, body), madeLink);
      }),
    );
};

const addList = (links: Command, run: Run): void => {
  links
    .command('list <approval>')
    .description('list the links of an approval, without their addresses')
    .action(
      run(async (session, { approval }: { approval: string }) => {
        const rail = await session.rail();
        session.show(await rail.listApprovalLinks(approval), linkList);
      }),
    );
};

const addRevoke = (links: Command, run: Run): void => {
  links
    .command('revoke <approval> <link>')
    .description('make a link void')
    .action(
      run(async (session, { approval, link }: { approval: string; link: string }) => {
        const rail = await session.rail();
        await rail.revokeApprovalLink(approval, link);
        session.show({ id: link, revoked: true }, doneLine('Revoked'));
      }),
    );
};

export const links: CommandGroup = {
  heading: 'Decide:',
  add: (program, run) => {
    const group = program.command('links').description('let a person without a key answer an approval');
    for (const add of [addCreate, addList, addRevoke]) add(group, run);
  },
};
