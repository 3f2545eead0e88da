import type { CommandGroup } from '../command-group.js';
import { diagnose } from '../doctor/diagnose.js';
import { checkList } from '../show/checks.js';
import { statsCard, usageTable } from '../show/standing.js';

export const standing: CommandGroup = {
  heading: 'See how it goes:',
  add: (program, run) => {
    program
      .command('stats')
      .description('how many packets there are, what waits, how long things take')
      .action(
        run(async (session) => {
          const rail = await session.rail();
          session.show(await rail.getStats(), statsCard);
        }),
      );
    program
      .command('usage')
      .description('the limits of the tenant, and what is used of them')
      .action(
        run(async (session) => {
          const rail = await session.rail();
          session.show(await rail.getUsage(), usageTable);
        }),
      );
    program
      .command('doctor')
      .description('check the server, versions, lag, the clock, and what the key may do')
      .action(
        run(async (session) => {
          session.output.progress('Looking');
          const diagnosis = await diagnose(await session.settings());
          session.show(diagnosis, checkList);
          return diagnosis.exit_code;
        }),
      );
  },
};
