import type { HandoffRail, PacketDocument } from '#libs/sdk';
import { followPacket } from './follow-packet.js';
import type { Session } from './session.js';
import { isOver, type Status } from './statuses.js';

interface Wish {
  session: Session;
  rail: HandoffRail;
  id: string;
  wanted: Status[];
  /** Seconds; without end when left out. */
  timeout: number | undefined;
}

/** The packet when it is as wanted, or when it cannot be any more, or when the time is over. */
export const waitFor = async ({ session, rail, id, wanted, timeout }: Wish) => {
  const ending = new AbortController();
  const abort = () => ending.abort(session.signal.reason);
  session.signal.addEventListener('abort', abort, { once: true });
  const late = Symbol('late');
  const timer = timeout === undefined ? undefined : setTimeout(() => ending.abort(late), timeout * 1_000);
  try {
    for await (const { status } of followPacket({ rail, id, signal: ending.signal })) {
      session.output.progress(`${id} is ${status}; waiting for ${wanted.join(' or ')} …`);
      if (wanted.includes(status) || isOver(status)) break;
    }
  } catch (error) {
    if (error !== late) throw error;
  } finally {
    clearTimeout(timer);
    session.signal.removeEventListener('abort', abort);
  }
  const packet: PacketDocument = await rail.getPacket(id);
  return { packet, reached: wanted.includes(packet.status) };
};
