import type { HandoffRail, HistoryEventDocument } from '#libs/sdk';
import type { CommandGroup, Run } from '../command-group.js';
import { followPacket } from '../follow-packet.js';
import { pageOf } from '../paging.js';
import { many, manyOf, seconds } from '../parse.js';
import { reached } from '../reached.js';
import type { Session } from '../session.js';
import { feedLine } from '../show/feed.js';
import { historyLine, historyTable } from '../show/history.js';
import { lineageTree } from '../show/lineage.js';
import { packetCard } from '../show/packets.js';
import { type Status, statuses } from '../statuses.js';
import { waitFor } from '../wait-for.js';
import type { Command } from 'commander';

const pages = { limit: 200 };

/** Tells each event once, until nothing can follow any more. */
const followHistory = async (session: Session, rail: HandoffRail, id: string): Promise<void> => {
  const { signal } = session;
  let seen = 0;
  const isNew = ({ revision }: HistoryEventDocument) => revision > seen;
  for await (const packet of followPacket({ rail, id, signal })) {
    const { events } = await pageOf(rail.getPacketHistory(id, pages, { signal }), 'events', {
      all: true,
      ...pages,
    });
    for (const event of events.filter(isNew)) session.output.tell(event, historyLine);
    seen = Math.max(seen, packet.revision, ...events.map(({ revision }) => revision));
  }
};

const addHistory = (program: Command, run: Run): void => {
  program
    .command('history <id>')
    .description('show what happened to a packet, oldest first')
    .option('-f, --follow', 'go on with what happens, until it is over')
    .action(
      run(async (session, { id, follow }: { id: string; follow?: boolean }) => {
        const rail = await session.rail();
        if (follow) return followHistory(session, rail, id);
        const all = { all: true, ...pages };
        session.show(await pageOf(rail.getPacketHistory(id, pages), 'events', all), historyTable);
      }),
    );
};

const addLineage = (program: Command, run: Run): void => {
  program
    .command('lineage <id>')
    .description('show the chain of a packet as a tree')
    .action(
      run(async (session, { id }: { id: string }) => {
        const rail = await session.rail();
        session.show(await rail.getLineage(id), lineageTree);
      }),
    );
};

interface WatchFlags {
  channel?: string[];
  cursor?: string;
}

const addWatch = (program: Command, run: Run): void => {
  program
    .command('watch')
    .description('follow what happens, as it happens')
    .option('--channel <channel>', 'status:completed, agent:ID, packet:ID …; everything when left out', many)
    .option('--cursor <cursor>', 'from behind this position; 0-0 is the beginning')
    .action(
      run(async (session, { channel, cursor }: WatchFlags) => {
        const { signal, output } = session;
        const rail = await session.rail();
        await reached(rail, signal);
        const onReconnect = () => output.note('The connection was lost; it is opened again.');
        for await (const event of rail.events({ subscribe: channel, cursor, signal, onReconnect }))
          output.tell(event, feedLine);
      }),
    );
};

interface WaitFlags {
  id: string;
  for: Status[];
  timeout?: number;
}

const addWait = (program: Command, run: Run): void => {
  program
    .command('wait <id>')
    .description('wait until a packet is in a status; ends with 1 when it cannot be any more')
    .requiredOption('--for <status>', 'one of these, divided by commas', manyOf(statuses))
    .option('--timeout <span>', 'at most: seconds, or 5m', seconds)
    .action(
      run(async (session, { id, for: wanted, timeout }: WaitFlags) => {
        const rail = await session.rail();
        const { packet, reached } = await waitFor({ session, rail, id, wanted, timeout });
        session.show(packet, packetCard);
        if (!reached) session.output.note(`It is ${packet.status}, not ${wanted.join(' or ')}.`);
        return reached ? 0 : 1;
      }),
    );
};

/** What happens, and what happened. */
export const following: CommandGroup = {
  heading: 'Follow:',
  add: (program, run) => [addHistory, addLineage, addWatch, addWait].forEach((add) => add(program, run)),
};
