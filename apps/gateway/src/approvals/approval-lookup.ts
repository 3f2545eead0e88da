import { PacketLog } from '#libs/event-log';
import { type Approval, parsePacketId, toApprovalDocument } from '#libs/packet';
import { approvalById, type StoredApproval } from '#libs/read-models';
import { Inject, Injectable } from '@nestjs/common';
import { type ApiReply, type ApiRequest, principalOf } from '../http/call.js';
import { notFound, unavailable } from '../http/problem-error.js';
import { sendJson } from '../http/reply.js';
import { ProjectedPosition } from '../reads/projected-position.js';
import { ReadDatabase } from '../reads/read-database.js';
import { endedIn } from './superseded.js';

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

  /** How a checkpoint that was found stands now, whatever the read models' lag. */
  async current(request: ApiRequest, { packet_id, approval }: StoredApproval): Promise<Approval> {
    const { tenant_id } = principalOf(request);
    const { packet } = await this.log.load(tenant_id, packet_id);
    if (packet.status !== 'absent' && packet.approval?.id === approval.id) return packet.approval;
    // What has ended stays as it is.
    if (approval.state !== 'open') return approval;
    return endedIn(await this.log.events(tenant_id, packet_id), approval.id) ?? approval;
  }

  /** Answers with the checkpoint that the path names. @throws ProblemError */
  async get(request: ApiRequest, reply: ApiReply): Promise<void> {
    const found = await this.find(request);
    request.call.packetId = found.packet_id;
    const { tenant_id } = principalOf(request);
    const approval = await this.current(request, found);
    sendJson(reply, 200, toApprovalDocument({ id: found.packet_id, tenant_id }, approval));
  }

  #stored(request: ApiRequest): Promise<StoredApproval | undefined> {
    const { tenant_id } = principalOf(request);
    const id = approvalIdOf(request);
    return this.database.use((source) => approvalById(source, tenant_id, id));
  }
}
