import { HeartbeatBody, type SendCall } from '#libs/contracts';
import { SEND_CALL } from '#libs/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { type ApiReply, type ApiRequest, principalOf } from '../http/call.js';
import { checked, jsonOf } from '../http/json-body.js';
import { faulty, refused } from '../http/problem-error.js';
import { sendJson } from '../http/reply.js';
import { packetIdOf } from './command-meta.js';
import { given } from './simple-commands.js';

/** Takes the heartbeats of claimants to the service that keeps their leases. */
@Injectable()
export class Heartbeats {
  constructor(@Inject(SEND_CALL) private readonly call: SendCall) {}

  /** @throws ProblemError */
  async beat(request: ApiRequest, reply: ApiReply): Promise<void> {
    const packet_id = packetIdOf(request);
    const body = checked(HeartbeatBody, jsonOf(request));
    const principal = principalOf(request);
    const { progress } = body;
    const answer = await this.call('heartbeat', {
      tenant_id: principal.tenant_id,
      principal,
      traceparent: request.call.span.traceparent,
      packet_id,
      claim_id: body.claim_id,
      ...given(body, 'agent_id', 'lease_seconds'),
      ...(progress && { progress: { percent: progress.percent, ...given(progress, 'note') } }),
    });
    if (answer.outcome === 'refused') throw refused(answer.rejection);
    if (answer.outcome === 'fault') throw faulty(answer);
    sendJson(reply, 200, answer.answer);
  }
}
