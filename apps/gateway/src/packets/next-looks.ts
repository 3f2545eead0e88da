import type { ClaimNextCall, SendCall } from '#libs/contracts';
import { PacketLog } from '#libs/event-log';
import type { PacketDocument } from '#libs/packet';
import { SEND_CALL } from '#libs/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { faulty, refused } from '../http/problem-error.js';
import { ProjectedPosition } from '../reads/projected-position.js';

/** So long a packet that was written before the call may take to be found. */
const patienceMs = 1_000;

/** Takes calls for work to the service that gives it. */
@Injectable()
export class NextLooks {
  constructor(
    @Inject(SEND_CALL) private readonly call: SendCall,
    @Inject(PacketLog) private readonly log: PacketLog,
    @Inject(ProjectedPosition) private readonly projected: ProjectedPosition,
  ) {}

  /**
   * The packets claimed for the caller. What was on the log before the call is found, though the read models
   * may not hold it at the first look. @throws ProblemError
   */
  async lookTwice(call: ClaimNextCall, signal: AbortSignal): Promise<PacketDocument[]> {
    const { reached } = this.projected;
    const packets = await this.#look(call, signal);
    if (packets.length > 0 || signal.aborted) return packets;
    const last = await this.log.lastSequence();
    if (last <= reached) return packets;
    await this.projected.until(last, patienceMs);
    return this.#look({ ...call, wait_ms: 0, fresh: true }, signal);
  }

  async #look(call: ClaimNextCall, signal: AbortSignal): Promise<PacketDocument[]> {
    const answer = await this.call('claim_next', call, signal);
    if (answer.outcome === 'refused') throw refused(answer.rejection);
    if (answer.outcome === 'fault') throw faulty(answer);
    return answer.answer.packets;
  }
}
