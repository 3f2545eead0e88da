import { buckets, formatPosition } from '#libs/contracts';
import { type FirstWrites, PacketLog } from '#libs/event-log';
import { type PacketDocument, type PacketId, type TenantId, toDocument } from '#libs/packet';
import { Inject, Injectable } from '@nestjs/common';
import { type ApiRequest, principalOf } from '../http/call.js';
import { type Repeatable, RunningRequests } from '../http/idempotency.js';
import { derivedUuid } from '../http/ids.js';
import { ProblemError } from '../http/problem-error.js';

/** Which packets a claim-next with an idempotency key was given, and for which body. */
export interface KeptGift {
  digest: string;
  packet_ids: PacketId[];
}

export interface Gift {
  packets: PacketDocument[];
  /** The packets were given before. */
  replayed: boolean;
}

type Ask = () => Promise<PacketDocument[]>;

export const KEPT_GIFTS = Symbol(buckets.chosen);

/** Empty answers are not kept: who asks again may be luckier. */
const nothing = new Error('There was no packet to give.');

/** Gives what a key has been given before again, as it is now. */
@Injectable()
export class GivenPackets {
  constructor(
    @Inject(KEPT_GIFTS) private readonly kept: FirstWrites<KeptGift>,
    @Inject(PacketLog) private readonly log: PacketLog,
    @Inject(RunningRequests) private readonly running: RunningRequests,
  ) {}

  /** Asks, unless the same request was answered with packets before. @throws ProblemError, LogUnavailable */
  once(request: ApiRequest, repeatable: Repeatable | undefined, ask: Ask): Promise<Gift> {
    return this.running.once(request, repeatable, async () =>
      repeatable
        ? this.#keep(principalOf(request).tenant_id, repeatable, ask)
        : { packets: await ask(), replayed: false },
    );
  }

  async #keep(tenant: TenantId, { key, digest }: Repeatable, ask: Ask): Promise<Gift> {
    let packets: PacketDocument[] | undefined;
    const make = async (): Promise<KeptGift> => {
      packets = await ask();
      if (packets.length === 0) throw nothing;
      return { digest, packet_ids: packets.map(({ id }) => id) };
    };
    const kept = await this.kept
      .keep(derivedUuid(tenant, 'claim-next', key), make)
      .catch((error: unknown) => {
        // The packets are claimed: that it is not kept must not take them from the caller.
        if (packets === undefined) throw error;
        return undefined;
      });
    if (packets !== undefined) return { packets, replayed: false };
    if (kept?.digest === digest)
      return { packets: await this.#load(tenant, kept.packet_ids), replayed: true };
    throw new ProblemError(
      'idempotency_mismatch',
      'This Idempotency-Key was used for another body: send that body again, or take a new key.',
    );
  }

  async #load(tenant: TenantId, ids: readonly PacketId[]): Promise<PacketDocument[]> {
    const loaded = await Promise.all(ids.map((id) => this.log.load(tenant, id)));
    return loaded.flatMap(({ packet, sequence }) =>
      packet.status === 'absent' ? [] : [toDocument(packet, formatPosition(sequence))],
    );
  }
}
