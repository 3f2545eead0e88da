import type { CommandGroup } from '../command-group.js';
import { pageOf, pageQuery } from '../paging.js';
import { historyTable } from '../show/history.js';

export const following: CommandGroup = {
  heading: 'Follow:',
  add: (program, run) => {
    program
      .command('history <id>')
      .description('show what happened to a packet, oldest first')
      .action(
        run(async (session, { id }: { id: string }) => {
          const rail = await session.rail();
          const all = { all: true, limit: 200 };
          session.show(await pageOf(rail.getPacketHistory(id, pageQuery(all)), 'events', all), historyTable);
        }),
      );
  },
};
