import { sameJson } from './canonical-json.js';
import type { PacketCommand } from './commands.js';
import type { Failure } from './document.js';
import type { ExistingPacket } from './state.js';

/** Whether what a command asks for already is, so that it is answered with the packet and changes nothing. */
export const repeats = (command: PacketCommand, packet: ExistingPacket): boolean => {
  switch (command.type) {
    case 'claim':
      return isHeldBy(packet, command.data.agent.id);
    case 'start':
      return packet.status === 'in_progress';
    case 'complete':
      return packet.status === 'completed' && sameJson(packet.result, command.data.result);
    case 'fail':
      return hasEnded(packet, 'failed', command.data);
    case 'reject':
      return hasEnded(packet, 'rejected', { code: 'rejected', reason: command.data.reason });
    default:
      return false;
  }
};

const isHeldBy = (packet: ExistingPacket, agent: string): boolean =>
  (packet.status === 'claimed' || packet.status === 'in_progress') && packet.claim.agent.id === agent;

const hasEnded = (
  packet: ExistingPacket,
  status: 'failed' | 'rejected',
  { code, reason }: Pick<Failure, 'code' | 'reason'>,
): boolean => packet.status === status && packet.failure.code === code && packet.failure.reason === reason;
