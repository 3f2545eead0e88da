import { setTimeout } from 'node:timers/promises';
import { type Command, Option } from 'commander';
import type { DeliveryDocument, HandoffRail } from '#libs/sdk';
import type { Run } from '../command-group.js';
import { paged, type PageFlags, pageOf, pageQuery } from '../paging.js';
import { UsageError } from '../shell.js';
import { deliveryCard, deliveryList, recoveredLine, sentLine, startedLine } from '../show/hooks.js';
import { since } from '../since.js';

type Status = DeliveryDocument['status'];

interface ReplayFlags {
  delivery?: string;
  hook?: string;
  since?: string;
  missing?: boolean;
}

const statuses = ['pending', 'delivering', 'delivered', 'failed', 'dead_letter'] as const satisfies Status[];

const addLists = (hooks: Command, run: Run): void => {
  paged(hooks.command('deliveries <id>').description('list what a webhook was sent, newest first'))
    .addOption(new Option('--status <status>', 'with this status').choices(statuses))
    .action(
      run(async (session, { id, ...flags }: PageFlags & { id: string; status?: Status }) => {
        const rail = await session.rail();
        const query = { ...pageQuery(flags), status: flags.status };
        session.show(await pageOf(rail.webhooks.deliveries(id, query), 'deliveries', flags), deliveryList);
      }),
    );
  paged(hooks.command('dead-letters').description('list what was given up, of all webhooks')).action(
    run(async (session, flags: PageFlags) => {
      const rail = await session.rail();
      const listing = rail.webhooks.deadLetters(pageQuery(flags));
      session.show(await pageOf(listing, 'deliveries', flags), deliveryList);
    }),
  );
};

/** What is to be sent again, of a whole webhook. @throws UsageError */
const wholeHook = ({ hook, since: from }: ReplayFlags): { hook: string; from: string } => {
  if (hook !== undefined && from !== undefined) return { hook, from };
  throw new UsageError(
    'What is to be sent again?',
    'Name a dead letter, or a webhook and an instant: --hook ID --since 2h',
  );
};

const checkOne = ({ hook, since: from, missing }: ReplayFlags): void => {
  if (hook === undefined && from === undefined && !missing) return;
  throw new UsageError('Name a dead letter, or a webhook with --hook: not both.');
};

const addReplay = (hooks: Command, run: Run): void => {
  hooks
    .command('replay [delivery]')
    .description('send a dead letter again, or all of a webhook')
    .option('--hook <id>', 'the dead letters of this webhook')
    .option('--since <instant>', 'since then: an instant, or 2h ago as 2h', since)
    .option('--missing', 'instead of dead letters, what it was never to get: out of the log')
    .action(
      run(async (session, flags: ReplayFlags) => {
        const rail = await session.rail();
        if (flags.delivery !== undefined) {
          checkOne(flags);
          return session.show(await rail.webhooks.replay(flags.delivery), sentLine);
        }
        const { hook, from } = wholeHook(flags);
        if (flags.missing)
          return session.show(await rail.webhooks.replayMissing(hook, { since: from }), startedLine);
        session.show(await rail.webhooks.recover(hook, { since: from }), recoveredLine);
      }),
    );
};

const patienceMs = 20_000;
const betweenMs = 250;

const isUnderWay = ({ status, attempts }: DeliveryDocument): boolean =>
  status === 'delivering' || (status === 'pending' && attempts.length === 0);

/** The delivery once it was tried, or as it stands when that takes too long. */
const tried = async (rail: HandoffRail, hook: string, id: string): Promise<DeliveryDocument | undefined> => {
  const end = Date.now() + patienceMs;
  for (;;) {
    const { deliveries } = await rail.webhooks.deliveries(hook, { limit: 50 });
    const delivery = deliveries.find((each) => each.id === id);
    if ((delivery && !isUnderWay(delivery)) || Date.now() > end) return delivery;
    await setTimeout(betweenMs);
  }
};

const addTest = (hooks: Command, run: Run): void => {
  hooks
    .command('test <id>')
    .description('send a webhook a hook.test, and tell what it answers')
    .action(
      run(async (session, { id }: { id: string }) => {
        const rail = await session.rail();
        const sent = await rail.webhooks.test(id);
        session.output.progress('Waiting for its answer');
        const delivery = await tried(rail, id, sent.delivery_id);
        if (delivery === undefined) return session.show(sent, sentLine);
        session.show(delivery, deliveryCard);
        return delivery.status === 'delivered' ? 0 : 1;
      }),
    );
};

/** What webhooks were sent, and how it is sent again. */
export const addDeliveries = (hooks: Command, run: Run): void => {
  for (const add of [addTest, addLists, addReplay]) add(hooks, run);
};
