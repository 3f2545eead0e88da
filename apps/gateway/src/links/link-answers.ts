import { hash } from 'node:crypto';
import type { CommandReply, CommandRequest, RespondBody, SendCommand } from '#libs/contracts';
import { canonicalJson, type CommandId, instantAt, type RejectionCode } from '#libs/packet';
import { SEND_COMMAND } from '#libs/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { respondData } from '../approvals/respond-data.js';
import { NewPackets } from '../packets/new-packets.js';
import { keyOf, type LinkRecord, LinkRecords } from './link-records.js';
import type { Ending, EndingKind } from './notices.js';

/** What came of an answer. `unsure`: it may have been recorded or not, and can be sent again. */
export type Recorded =
  | { kind: 'recorded'; state: string }
  | { kind: 'ended'; ending: Ending }
  | { kind: 'refused'; errors: { field: string; message: string }[]; status: number }
  | { kind: 'unsure' };

type Refusal = Extract<CommandReply, { outcome: 'refused' }>['rejection'];

const endings: Partial<Record<RejectionCode, EndingKind>> = {
  // Another answer was given under the id of this link.
  idempotency_mismatch: 'used',
  approval_timed_out: 'timed_out',
  approval_closed: 'voided',
  not_found: 'missing',
};

/** What whoever answers can put right by themselves, or should know. */
const correctable: Partial<Record<RejectionCode, number>> = {
  validation_failed: 422,
  packet_too_large: 422,
  forbidden: 403,
};

const refusedAs = ({ code, detail, errors }: Refusal): Recorded => {
  const status = correctable[code];
  if (status !== undefined)
    return { kind: 'refused', status, errors: errors ?? [{ field: '', message: detail }] };
  return { kind: 'ended', ending: { kind: endings[code] ?? 'closed' } };
};

/** Votes cast by links. */
@Injectable()
export class LinkAnswers {
  constructor(
    @Inject(LinkRecords) private readonly records: LinkRecords,
    @Inject(NewPackets) private readonly packets: NewPackets,
    @Inject(SEND_COMMAND) private readonly send: SendCommand,
  ) {}

  /**
   * Votes as the approver of an open link. It does so once, whatever else fails: the vote's command has the id
   * of the link, so that the log takes it once.
   */
  async cast(
    link: LinkRecord,
    { body, traceparent }: { body: RespondBody; traceparent: string },
  ): Promise<Recorded> {
    const reply = await this.send(this.#commandOf(link, body, traceparent));
    if (reply.outcome === 'fault') return { kind: 'unsure' };
    if (reply.outcome === 'refused') return refusedAs(reply.rejection);
    // The vote counts without the mark, and is found among the votes of the checkpoint.
    await this.records.mark(link, 'used_at', instantAt(Date.now())).catch(() => undefined);
    if (reply.replayed) return { kind: 'ended', ending: { kind: 'used' } };
    return { kind: 'recorded', state: String(reply.packet.hitl?.['state']) };
  }

  #commandOf(link: LinkRecord, body: RespondBody, traceparent: string): CommandRequest {
    const { id, tenant_id, packet_id, approval_id, approver } = link;
    return {
      type: 'respond',
      meta: {
        command_id: id as CommandId,
        tenant_id,
        packet_id,
        traceparent,
        request_digest: hash('sha256', canonicalJson(body), 'hex'),
        principal: { tenant_id, key_id: keyOf(link), role: 'approver', type: 'human', agent_id: approver },
      },
      data: { ...respondData(body, this.packets.limitsOf(tenant_id)), approval_id },
    };
  }
}
