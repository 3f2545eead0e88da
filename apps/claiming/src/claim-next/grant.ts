import type { CommandReply, SendCommand } from '#libs/contracts';
import { type PacketLog, uuidv7 } from '#libs/event-log';
import { type CommandId, type PacketDocument, suits } from '#libs/packet';
import type { ReservedPacket } from '#libs/read-models';
import type { Caller } from './caller.js';

/** What became of a packet that was meant for a caller. */
export type Granted =
  | { kind: 'claimed'; packet: PacketDocument }
  /** It is not to be had any more, or not for this agent. */
  | { kind: 'missed' }
  /** Nobody can tell now: it may be had later. */
  | { kind: 'failed'; detail: string };

const outcomeOf = (reply: CommandReply): Granted => {
  if (reply.outcome === 'accepted') return { kind: 'claimed', packet: reply.packet };
  return reply.outcome === 'refused' ? { kind: 'missed' } : { kind: 'failed', detail: reply.detail };
};

/** Claims reserved packets: the ordinary command, which alone decides. */
export class Grants {
  constructor(
    private readonly log: PacketLog,
    private readonly send: SendCommand,
  ) {}

  async claim({ call, wish }: Caller, { id, position, packet, bytes }: ReservedPacket): Promise<Granted> {
    if (!suits(packet, wish.taker)) return { kind: 'missed' };
    // The row's state spares a read of the log; the append finds out if it is not the last one.
    this.log.hold(call.tenant_id, id, { packet, sequence: position, bytes });
    const reply = await this.send({
      type: 'claim',
      meta: {
        command_id: uuidv7() as CommandId,
        tenant_id: call.tenant_id,
        packet_id: id,
        principal: call.principal,
        traceparent: call.traceparent,
      },
      data: {
        agent: call.agent,
        claim_id: uuidv7(),
        ...(call.lease_seconds !== undefined && { lease_seconds: call.lease_seconds }),
      },
    });
    return outcomeOf(reply);
  }
}
