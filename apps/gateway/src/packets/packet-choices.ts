import { buckets } from '#libs/contracts';
import type { FirstWrites } from '#libs/event-log';
import type { PacketId } from '#libs/packet';
import { matchPackets, type PacketFilter } from '#libs/read-models';
import { Inject, Injectable } from '@nestjs/common';
import { type ApiReply, type ApiRequest, principalOf } from '../http/call.js';
import type { Repeatable } from '../http/idempotency.js';
import { derivedUuid } from '../http/ids.js';
import { ProblemError } from '../http/problem-error.js';
import { Freshness } from '../reads/freshness.js';
import { ReadDatabase } from '../reads/read-database.js';

/** What a filter found, and chose of that. */
interface Chosen {
  /** Oldest first. */
  packet_ids: PacketId[];
  matched: number;
  matched_capped: boolean;
}

/** What was chosen for an idempotency key, and for which body. */
export interface KeptChoice {
  digest: string;
  chosen: Chosen;
}

export const KEPT_CHOICES = Symbol(buckets.chosen);

interface Wanted {
  filter: PacketFilter;
  /** Packets at most. */
  limit: number;
}

interface Repeated {
  type: string;
  repeatable: Repeatable | undefined;
  wanted: Wanted;
}

/** The packets that a batch by filter is for. */
@Injectable()
export class PacketChoices {
  constructor(
    @Inject(ReadDatabase) private readonly database: ReadDatabase,
    @Inject(Freshness) private readonly freshness: Freshness,
    @Inject(KEPT_CHOICES) private readonly kept: FirstWrites<KeptChoice>,
  ) {}

  awaitOwnWrites(request: ApiRequest, reply: ApiReply): Promise<void> {
    return this.freshness.await(request, reply);
  }

  /** The oldest packets that match. @throws ProblemError */
  async find(request: ApiRequest, wanted: Wanted): Promise<Chosen> {
    const { tenant_id } = principalOf(request);
    const found = await this.database.use((source) => matchPackets(source, tenant_id, wanted));
    return { packet_ids: found.ids, matched: found.total, matched_capped: found.total_capped };
  }

  /** The same; of a request that is sent again those of the first one, which the filter may find no more. */
  async findOnce(request: ApiRequest, { type, repeatable, wanted }: Repeated): Promise<Chosen> {
    if (repeatable === undefined) return this.find(request, wanted);
    const { key, digest } = repeatable;
    const place = derivedUuid(principalOf(request).tenant_id, type, key);
    const choose = async () => ({ digest, chosen: await this.find(request, wanted) });
    const kept = await this.kept.keep(place, choose);
    if (kept.digest === digest) return kept.chosen;
    throw new ProblemError(
      'idempotency_mismatch',
      'This Idempotency-Key was used for another body: send that body again, or take a new key.',
    );
  }
}
