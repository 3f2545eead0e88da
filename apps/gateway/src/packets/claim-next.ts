import { ClaimNextBody, type ClaimNextCall, httpHeaders } from '#libs/contracts';
import type { PacketDocument } from '#libs/packet';
import { Inject, Injectable, type OnModuleDestroy } from '@nestjs/common';
import { type ApiReply, type ApiRequest, principalOf } from '../http/call.js';
import { repeatableOf } from '../http/idempotency.js';
import { newCommandId } from '../http/ids.js';
import { innerKeyHash } from '../http/inner-requests.js';
import { checked, jsonOf } from '../http/json-body.js';
import { ProblemError } from '../http/problem-error.js';
import { laterPosition, sendJson, tellPosition } from '../http/reply.js';
import { CommandSender } from './command-sender.js';
import { type Gift, GivenPackets } from './given-packets.js';
import { KeyWaits } from './key-waits.js';
import { NextLooks } from './next-looks.js';
import { given } from './simple-commands.js';

interface Asked {
  request: ApiRequest;
  reply: ApiReply;
  call: ClaimNextCall;
}

const callOf = (request: ApiRequest, body: ClaimNextBody): ClaimNextCall => {
  const principal = principalOf(request);
  const { agent_id: id, agent_name } = body;
  if (principal.agent_id !== undefined && principal.agent_id !== id)
    throw new ProblemError(
      'forbidden',
      `This key is bound to "${principal.agent_id}" and cannot act as "${id}".`,
    );
  return {
    tenant_id: principal.tenant_id,
    principal,
    traceparent: request.call.span.traceparent,
    agent: { id, name: agent_name ?? id, ...given(body, 'framework') },
    capabilities: body.capabilities ?? [],
    tags: body.tags ?? [],
    max: body.max ?? 1,
    wait_ms: (body.wait_seconds ?? 0) * 1_000,
    ...given(body, 'lease_seconds'),
  };
};

/** Asks for work on a caller's behalf, and gives back what a caller who has gone was given. */
@Injectable()
export class ClaimNextRequests implements OnModuleDestroy {
  readonly #stopping = new AbortController();

  // eslint-disable-next-line max-params -- asking, keeping, giving back and giving up are one each
  constructor(
    @Inject(NextLooks) private readonly looks: NextLooks,
    @Inject(GivenPackets) private readonly gifts: GivenPackets,
    @Inject(CommandSender) private readonly sender: CommandSender,
    @Inject(KeyWaits) private readonly waits: KeyWaits,
  ) {}

  /** Those who wait are answered before the door closes. */
  onModuleDestroy(): void {
    this.#stopping.abort();
  }

  /** @throws ProblemError */
  async answer(request: ApiRequest, reply: ApiReply): Promise<void> {
    const value = jsonOf(request);
    const call = callOf(request, checked(ClaimNextBody, value));
    if (call.wait_ms > 0) request.call.waits = true;
    const repeatable = repeatableOf(request, value);
    const gift = await this.gifts.once(request, repeatable, () => this.#askFor({ request, reply, call }));
    this.#tell(request, reply, gift);
    if (!gift.replayed) this.#releaseUnread({ request, reply, call }, gift.packets);
    sendJson(reply, 200, { packets: gift.packets });
  }

  /** Asks, as long as the caller is there. @throws ProblemError */
  async #askFor(asked: Asked): Promise<PacketDocument[]> {
    const { request, reply, call } = asked;
    const gone = new AbortController();
    const wait = this.waits.begin(request);
    const leave = () => gone.abort();
    reply.raw.once('close', leave);
    if (reply.raw.destroyed) leave();
    try {
      const ends = [gone.signal, wait.signal, this.#stopping.signal];
      const packets = await this.looks.lookTwice(call, AbortSignal.any(ends));
      if (!gone.signal.aborted && !wait.signal.aborted) return packets;
      await this.#release(asked, packets);
      wait.check();
      return [];
    } finally {
      wait.end();
      reply.raw.off('close', leave);
    }
  }

  #tell(request: ApiRequest, reply: ApiReply, { packets, replayed }: Gift): void {
    if (replayed) void reply.header(httpHeaders.idempotencyReplayed, 'true');
    const last = packets.reduce<string | undefined>(
      (latest, { position }) => laterPosition(latest, position),
      undefined,
    );
    if (last === undefined) return;
    tellPosition(reply, last);
    this.sender.wrote(request, last);
  }

  /** The connection may break while the answer is on its way. */
  #releaseUnread(asked: Asked, packets: readonly PacketDocument[]): void {
    const { request, reply } = asked;
    // What came from inside has no connection here: whoever brought it knows whether the answer arrived.
    if (packets.length === 0 || innerKeyHash(request) !== undefined) return;
    reply.raw.once('close', () => {
      if (!reply.raw.writableFinished) void this.#release(asked, packets);
    });
  }

  async #release({ request, call }: Asked, packets: readonly PacketDocument[]): Promise<void> {
    const { tenant_id, principal, traceparent, agent } = call;
    const reason = 'The caller of claim-next went away before it was answered.';
    const releases = packets.map(({ id, claim }) =>
      this.sender.ask(request, {
        type: 'release',
        meta: {
          command_id: newCommandId(),
          ...{ tenant_id, packet_id: id, principal, traceparent },
          ...(claim && { claim_id: claim.claim_id }),
        },
        data: { agent_id: agent.id, reason },
      }),
    );
    // What cannot be given back now comes back with its lease, if it has one.
    await Promise.allSettled(releases);
  }
}
