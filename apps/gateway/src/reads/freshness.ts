import { httpHeaders, parsePosition } from '#libs/contracts';
import { Inject, Injectable } from '@nestjs/common';
import { type ApiReply, type ApiRequest, headerOf, principalOf } from '../http/call.js';
import { invalidField } from '../http/problem-error.js';
import { ProjectedPosition } from './projected-position.js';
import { WrittenPositions } from './written-positions.js';

/** How long a list waits to show what its caller has written. */
const patienceMs = 2_000;

const minPosition = (request: ApiRequest): number => {
  const token = headerOf(request, httpHeaders.minPosition);
  if (token === undefined) return 0;
  const sequence = parsePosition(token);
  if (sequence !== null) return sequence;
  throw invalidField(
    httpHeaders.minPosition,
    'not_a_position',
    'Send a token as HandoffRail-Position gave it.',
  );
};

/** Lets readers of the read models see their own writes. */
@Injectable()
export class Freshness {
  constructor(
    @Inject(WrittenPositions) private readonly written: WrittenPositions,
    @Inject(ProjectedPosition) private readonly projected: ProjectedPosition,
  ) {}

  /**
   * Waits until the read models hold what this key wrote, what the caller names and what `sequence` says, and
   * marks the answer when they do not in time. @throws ProblemError for a token that is none
   */
  async await(request: ApiRequest, reply: ApiReply, sequence = 0): Promise<void> {
    const wanted = Math.max(this.written.of(principalOf(request).key_id), minPosition(request), sequence);
    if (await this.projected.until(wanted, patienceMs)) return;
    void reply.header(httpHeaders.stale, 'true');
  }
}
