import { httpHeaders } from '#libs/contracts';
import { PacketLog } from '#libs/event-log';
import { parsePacketId, toApprovalDocument } from '#libs/packet';
import { approvalById, type StoredApproval } from '#libs/read-models';
import { Inject, Injectable } from '@nestjs/common';
import { type ApiReply, type ApiRequest, principalOf } from '../http/call.js';
import { notFound, unavailable } from '../http/problem-error.js';
import { sendJson } from '../http/reply.js';
import { ProjectedPosition } from '../reads/projected-position.js';
import { ReadDatabase } from '../reads/read-database.js';

/** How long a request waits for the read models to hold a checkpoint that is on the log. */
const patienceMs = 2_000;

const approvalIdOf = (request: ApiRequest): string => {
  const id = parsePacketId((request.params as { id: string }).id);
  if (id === null) throw notFound('approval');
  return id;
};

/** Finds checkpoints by their own ids: the read models know whose they are, the log how they stand. */
@Injectable()
export class ApprovalLookup {
  constructor(
    @Inject(PacketLog) private readonly log: PacketLog,
    @Inject(ReadDatabase) private readonly database: ReadDatabase,
    @Inject(ProjectedPosition) private readonly projected: ProjectedPosition,
  ) {}

  /** The checkpoint that the path names, as the read models have it. @throws ProblemError */
  async find(request: ApiRequest): Promise<StoredApproval> {
    const stored = await this.#stored(request);
    if (stored !== undefined) return stored;
    // One that was opened a moment ago may be on the log only.
    const isCurrent = await this.projected.until(await this.log.lastSequence(), patienceMs);
    const late = await this.#stored(request);
    if (late !== undefined) return late;
    throw isCurrent
      ? notFound('approval')
      : unavailable('The read models are behind: send the request again, or answer by the packet.');
  }

  /** Answers with the checkpoint as it is now. @throws ProblemError */
  async get(request: ApiRequest, reply: ApiReply): Promise<void> {
    const { tenant_id } = principalOf(request);
    const { packet_id, approval } = await this.find(request);
    request.call.packetId = packet_id;
    const { packet, sequence } = await this.log.load(tenant_id, packet_id);
    if (packet.status !== 'absent' && packet.approval?.id === approval.id)
      return sendJson(reply, 200, toApprovalDocument(packet, packet.approval));
    // Another one has followed it: the read models know its end once they are as far as the packet.
    if (!(await this.projected.until(sequence, patienceMs))) void reply.header(httpHeaders.stale, 'true');
    const ended = await this.find(request);
    sendJson(reply, 200, toApprovalDocument({ id: packet_id, tenant_id }, ended.approval));
  }

  #stored(request: ApiRequest): Promise<StoredApproval | undefined> {
    const { tenant_id } = principalOf(request);
    const id = approvalIdOf(request);
    return this.database.use((source) => approvalById(source, tenant_id, id));
  }
}
