import type { Command } from 'commander';
import type { Run } from '../command-group.js';
import { readSource } from '../input.js';
import { storeText, takenOver } from '../show/handoffs.js';
import { openStore, stored, type StoreFlags } from '../store.js';

/** A whole store, out of it and into another. */
export const addLocalStore = (local: Command, run: Run): void => {
  stored(local.command('export'))
    .description('print everything that is stored, as JSON')
    .action(
      run(async (session, flags: StoreFlags) => {
        const handoffs = await openStore(flags);
        session.show(await handoffs.export(), storeText);
      }),
    );
  stored(local.command('import <file>'))
    .description('take over from an export what is not here yet; - for standard input')
    .action(
      run(async (session, { file, ...flags }: StoreFlags & { file: string }) => {
        const text = await readSource(file, session.shell.stdin);
        const handoffs = await openStore(flags);
        session.show(await handoffs.import(text), takenOver);
      }),
    );
};
