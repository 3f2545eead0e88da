import { type Command, InvalidArgumentError } from 'commander';
import type { FeedEvent, HandoffRail } from '#libs/sdk';
import type { Run } from '../command-group.js';
import { forward, type Receiver } from '../listen/forward.js';
import { newSecret } from '../listen/signing.js';
import { type Asked, channelsFor, isOfPacket, wantedName } from '../listen/wanted.js';
import { many } from '../parse.js';
import { reached } from '../reached.js';
import type { Session } from '../session.js';
import { forwardedLine, listeningLine } from '../show/forwarded.js';

interface ListenFlags {
  address: string;
  hook?: string;
  event?: string[];
  secret?: string;
  thin?: boolean;
}

/** A port of this machine, with a path perhaps; or an address. */
const receiverAt = (text: string): string => {
  const address = /^\d+(\/.*)?$/.test(text) ? `http://127.0.0.1:${text}` : text;
  if (URL.canParse(address) && /^https?:/.test(address)) return new URL(address).href;
  throw new InvalidArgumentError(
    'A port such as 4567, 4567/rail, or an address such as http://localhost:4567/rail.',
  );
};

const askedBy = async (rail: HandoffRail, { hook, event, thin }: ListenFlags): Promise<Asked> => {
  const asked: Asked =
    hook === undefined ? { events: ['*'], payload: 'full' } : await rail.webhooks.get(hook);
  return { ...asked, ...(event && { events: event }), ...(thin && { payload: 'thin' as const }) };
};

/** Forwards one after the other, in their order. */
const forwardAll = async (
  session: Session,
  events: AsyncIterable<FeedEvent>,
  parts: Parts,
): Promise<void> => {
  const { rail, asked, receiver } = parts;
  for await (const event of events) {
    if (event.type === 'gap')
      session.output.note('Some events were missed: the feed could not go on where it was.');
    const type = isOfPacket(event) ? wantedName(asked, event) : null;
    if (type === null || !isOfPacket(event)) continue;
    session.output.tell(await forward(rail, { event, type }, receiver), forwardedLine);
  }
};

interface Parts {
  rail: HandoffRail;
  asked: Asked;
  receiver: Receiver;
}

/** Brings what webhooks are told of to a port of this machine, which the rail itself need not reach. */
export const addListen = (hooks: Command, run: Run): void => {
  hooks
    .command('listen')
    .description('forward what happens to a local port, signed as a delivery; until Ctrl-C')
    .argument('<address>', 'a port, 4567/path, or an address', receiverAt)
    .option('--hook <id>', 'what this webhook asks for')
    .option('--event <type>', 'types of events, packet.*, or *; everything when left out', many)
    .option('--secret <secret>', 'what signs; made anew when left out')
    .option('--thin', 'send ids only, not the packet')
    .action(
      run(async (session, flags: ListenFlags) => {
        const { signal } = session;
        const rail = await session.rail();
        await reached(rail, signal);
        const asked = await askedBy(rail, flags);
        const { address, secret = newSecret() } = flags;
        const receiver = { address, secret, payload: asked.payload, signal };
        const onReconnect = () => session.output.note('The connection was lost; opening it again.');
        const events = rail.events({ subscribe: channelsFor(asked), signal, onReconnect });
        session.output.tell({ forwarding_to: address, secret }, listeningLine);
        await forwardAll(session, events, { rail, asked, receiver });
      }),
    );
};
