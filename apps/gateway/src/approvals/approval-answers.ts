import { RespondBody } from '#libs/contracts';
import type { ApprovalState, PacketId } from '#libs/packet';
import type { StoredApproval } from '#libs/read-models';
import { Inject, Injectable } from '@nestjs/common';
import { type ApiReply, type ApiRequest, principalOf } from '../http/call.js';
import { repeatableOf, RunningRequests } from '../http/idempotency.js';
import { checked, jsonOf } from '../http/json-body.js';
import { ProblemError } from '../http/problem-error.js';
import { metaOf, packetIdOf } from '../packets/command-meta.js';
import { type Accepted, CommandSender, sendAccepted } from '../packets/command-sender.js';
import { NewPackets } from '../packets/new-packets.js';
import { respondData } from './respond-data.js';

/** What is answered: a packet's open checkpoint, or the one that the caller has seen. */
interface Asked {
  packetId: PacketId;
  approvalId?: string;
}

/** Whether somebody was refused because there is nothing to answer any more. */
export const isOver = (error: unknown): error is ProblemError =>
  error instanceof ProblemError && (error.code === 'approval_closed' || error.code === 'approval_timed_out');

/** The same refusal in the words of the checkpoint that was named, whatever its packet has come to since. */
export const overAs = (state: ApprovalState, error: ProblemError): ProblemError => {
  if (state === 'open') return error;
  const [code, detail] =
    state === 'timed_out'
      ? (['approval_timed_out', 'Nobody answered in time; the checkpoint is over.'] as const)
      : (['approval_closed', `The checkpoint is over: it is ${state}.`] as const);
  return new ProblemError(code, detail, error.facts);
};

/** The routes by which people answer. */
@Injectable()
export class ApprovalAnswers {
  constructor(
    @Inject(CommandSender) private readonly sender: CommandSender,
    @Inject(RunningRequests) private readonly running: RunningRequests,
    @Inject(NewPackets) private readonly packets: NewPackets,
  ) {}

  /** @throws ProblemError */
  async toPacket(request: ApiRequest, reply: ApiReply): Promise<void> {
    sendAccepted(reply, 200, await this.#respond(request, { packetId: packetIdOf(request) }));
  }

  /** @throws ProblemError */
  async toApproval(request: ApiRequest, reply: ApiReply, found: StoredApproval): Promise<void> {
    const { packet_id: packetId, approval } = found;
    request.call.packetId = packetId;
    sendAccepted(reply, 200, await this.#respond(request, { packetId, approvalId: approval.id }));
  }

  #respond(request: ApiRequest, { packetId, approvalId }: Asked): Promise<Accepted> {
    const value = jsonOf(request);
    const sent = repeatableOf(request, value);
    return this.running.once(request, sent, () => {
      const body = checked(RespondBody, value);
      // The same key may be used for two checkpoints of one packet.
      const repeatable = sent && approvalId ? { ...sent, key: `${approvalId} ${sent.key}` } : sent;
      return this.sender.ask(request, {
        type: 'respond',
        meta: metaOf(request, { type: 'respond', packetId, repeatable }),
        data: {
          ...respondData(body, this.packets.limitsOf(principalOf(request).tenant_id)),
          ...(approvalId !== undefined && { approval_id: approvalId }),
        },
      });
    });
  }
}
