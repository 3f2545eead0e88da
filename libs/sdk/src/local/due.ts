import {
  type ExistingPacket,
  initialState,
  type Instant,
  type PacketTimer,
  railPrincipal,
  readApprovalTimer,
  timersAfter,
} from '#libs/packet';
import { packetOf, type StoredPacket } from './contents.js';
import { carryOut, localTenant, type Order, type Turn } from './turn.js';
import { uuidv7 } from './uuid.js';

const moved = ({ lease }: StoredPacket, timer: PacketTimer): PacketTimer => {
  const isMoved = timer.kind === 'lease' && lease?.claim_id === timer.key.at(-1);
  return isMoved && lease !== undefined ? { ...timer, at: lease.at } : timer;
};

const inOrder = (a: PacketTimer, b: PacketTimer): number => (a.at < b.at ? -1 : Number(a.at > b.at));

const known = new WeakMap<StoredPacket, PacketTimer[]>();

/** The timers that a packet waits with, the next one first. */
const timersOf = (stored: StoredPacket): PacketTimer[] => {
  const timers =
    known.get(stored) ??
    timersAfter(initialState, packetOf(stored))
      .set.map((timer) => moved(stored, timer))
      .sort(inOrder);
  known.set(stored, timers);
  return timers;
};

type TimerOrder = Omit<Order, 'id' | 'facts' | 'principal'>;

const approvalOrder = ({ key }: PacketTimer): TimerOrder | undefined => {
  const timer = readApprovalTimer(key);
  if (timer === null) return undefined;
  const { approval_id, what, step } = timer;
  if (what === 'step') return { type: 'escalate_approval', data: { approval_id, step: step + 1 } };
  if (what === 'remind') return { type: 'remind_approval', data: { approval_id } };
  return { type: 'time_out_approval', data: { approval_id, next_claim_id: uuidv7() } };
};

const orderOf = (timer: PacketTimer): TimerOrder | undefined => {
  if (timer.kind === 'approval') return approvalOrder(timer);
  if (timer.kind === 'expiry') return { type: 'expire', data: { reason: 'Its time to live is over.' } };
  const lost_claim_id = timer.key.at(-1) ?? '';
  return { type: 'lose_claim', data: { lost_claim_id, ended_at: timer.at, jitter: Math.random() } };
};

const later = (a: Instant, b: Instant): Instant => (a > b ? a : b);

/** Does what a timer is for, as of its own time. Returns whether that changed anything. */
const fire = ({ draft }: Turn, { id, updated_at }: ExistingPacket, timer: PacketTimer): boolean => {
  const order = orderOf(timer);
  if (order === undefined) return false;
  const turn = { draft, now: later(timer.at, updated_at) };
  return !carryOut(turn, { ...order, id, principal: railPrincipal(localTenant) } as Order).quiet;
};

const settlePacket = (turn: Turn, first: StoredPacket): void => {
  let stored: StoredPacket | undefined = first;
  while (stored !== undefined) {
    const packet: ExistingPacket = packetOf(stored);
    const due: PacketTimer[] = timersOf(stored).filter(({ at }) => at <= turn.now);
    // One at a time: what it does may make the others needless, or ask for earlier ones.
    stored = due.some((timer) => fire(turn, packet, timer)) ? turn.draft.packet(packet.id) : undefined;
  }
};

/** Makes up for the timers whose time has come since somebody last looked, each as of its own time. */
export const settle = (turn: Turn): void => {
  for (const stored of turn.draft.allPackets()) {
    const next = timersOf(stored)[0];
    if (next !== undefined && next.at <= turn.now) settlePacket(turn, stored);
  }
};
