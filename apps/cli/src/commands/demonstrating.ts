import { setTimeout as delay } from 'node:timers/promises';
import type { HandoffRail, PacketDocument } from '#libs/sdk';
import type { CommandGroup } from '../command-group.js';
import { type OwnRail, startOwnRail } from '../demo/own-rail.js';
import { story } from '../demo/story.js';
import { integer } from '../parse.js';
import type { Session } from '../session.js';
import { packetList } from '../show/packets.js';
import { paintStatus } from '../show/paint.js';
import type { Shape } from '../show/shape.js';

interface DemoFlags {
  serve?: boolean;
  pace?: number;
}

interface Told {
  says: string;
  packet_id: string | null;
  status: string | null;
}

const stepLine: Shape<Told> = {
  text: ({ says, packet_id, status }, { paint }) =>
    packet_id === null || status === null
      ? says
      : `${says}\n  ${paint.dim(packet_id)}  ${paintStatus(status, paint)}`,
  ids: ({ packet_id }) => (packet_id === null ? [] : [packet_id]),
};

const told = (says: string, packet: PacketDocument | undefined): Told => ({
  says,
  packet_id: packet?.id ?? null,
  status: packet?.status ?? null,
});

const play = async (session: Session, rail: HandoffRail, paceMs: number): Promise<void> => {
  const stage = { rail, packets: new Map<string, PacketDocument>() };
  for (const { says, act } of story) {
    session.output.tell(told(says, await act(stage)), stepLine);
    await delay(paceMs, undefined, { signal: session.signal });
  }
  const { output } = session;
  output.note('');
  output.tell(await rail.listPackets({ tags: ['demo'], limit: 20 }), packetList);
  const { id } = stage.packets.get('upgrade') ?? { id: 'ID' };
  output.note(
    `\nNow try:\n  handoffrail history ${id}\n  handoffrail lineage ${id}\n  handoffrail approvals\n  handoffrail watch`,
  );
};

const withOwnRail = async (session: Session, paceMs: number): Promise<void> => {
  const { output, signal, shell } = session;
  output.progress('Starting a rail for a while …');
  const own: OwnRail = await startOwnRail(shell.env, signal);
  try {
    const { HandoffRail } = await import('#libs/sdk');
    await play(session, new HandoffRail(own), paceMs);
    if (!shell.stdout.isTTY) return;
    output.note(`\nIn another shell, until you press Ctrl-C here:`);
    output.note(`  export HANDOFFRAIL_URL=${own.baseUrl} HANDOFFRAIL_API_KEY=${own.apiKey}`);
    await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
  } finally {
    await own.stop();
  }
};

const demo = async (session: Session, { serve, pace }: DemoFlags): Promise<void> => {
  const paceMs = pace ?? (session.shell.stdout.isTTY ? 700 : 0);
  const { apiKey } = await session.settings();
  if (serve || apiKey === undefined) await withOwnRail(session, paceMs);
  else await play(session, await session.rail(), paceMs);
};

/** A first look. */
export const demonstrating: CommandGroup = {
  heading: 'The rail:',
  add: (program, run) => {
    program
      .command('demo')
      .description('play a small example: on the rail that you are logged in to, or on one for a while')
      .option('--serve', 'on a rail for a while, whatever you are logged in to')
      .option('--pace <ms>', 'milliseconds between steps', integer(0, 60_000))
      .action(run(demo));
  },
};
