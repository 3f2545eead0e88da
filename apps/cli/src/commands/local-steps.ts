import type { Command } from 'commander';
import type { Run } from '../command-group.js';
import { readJson } from '../input.js';
import { handoffCard } from '../show/handoffs.js';
import { openStore, stored, type StoreFlags } from '../store.js';

type OfOne = StoreFlags & { id: string };

const addTaking = (local: Command, run: Run): void => {
  stored(local.command('accept <id>'))
    .description('take the work')
    .option('--as <agent>', 'who takes it; whom it was handed to when left out')
    .action(
      run(async (session, { id, as, ...flags }: OfOne & { as?: string }) => {
        const handoffs = await openStore(flags);
        session.show(await handoffs.accept(id, as), handoffCard);
      }),
    );
  stored(local.command('start <id>'))
    .description('say that the work has begun; not needed before complete')
    .action(
      run(async (session, { id, ...flags }: OfOne) => {
        const handoffs = await openStore(flags);
        session.show(await handoffs.start(id), handoffCard);
      }),
    );
};

const addEnds = (local: Command, run: Run): void => {
  stored(local.command('complete <id>'))
    .description('end the work with a result')
    .option('--result <json>', 'what came of it: JSON, @file or -')
    .action(
      run(async (session, { id, result, ...flags }: OfOne & { result?: string }) => {
        const json =
          result === undefined ? undefined : await readJson(result, session.shell.stdin, '--result');
        const handoffs = await openStore(flags);
        session.show(await handoffs.complete(id, json), handoffCard);
      }),
    );
  stored(local.command('reject <id>'))
    .description('refuse the work')
    .requiredOption('--reason <text>', 'why')
    .action(
      run(async (session, { id, reason, ...flags }: OfOne & { reason: string }) => {
        const handoffs = await openStore(flags);
        session.show(await handoffs.reject(id, reason), handoffCard);
      }),
    );
  stored(local.command('fail <id>'))
    .description('end the work without a result')
    .requiredOption('--reason <text>', 'why')
    .action(
      run(async (session, { id, reason, ...flags }: OfOne & { reason: string }) => {
        const handoffs = await openStore(flags);
        session.show(await handoffs.fail(id, reason), handoffCard);
      }),
    );
};

/** What is done with a handoff on its way. */
export const addLocalSteps = (local: Command, run: Run): void => {
  addTaking(local, run);
  addEnds(local, run);
};
