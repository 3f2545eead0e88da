import { ByAgentBody, ByClaimantBody } from './packet-bodies.js';
import { PacketFilterBody } from './packet-filter.js';
import { AnyJson, Flag, Int, Nested, Optional, Pattern, Shape, SomeTexts, Text, Texts } from './rules.js';
import { claimIds, someOfAnything } from './values.js';

export class ClaimPacketBody {
  @Text(1, 256) agent_id!: string;
  @Optional() @Text(1, 256, 'The agent id when left out.') agent_name?: string;
  @Optional() @Text(1, 128) framework?: string;
  @Optional() @Int(1, 43_200, 'The claim is lost when no heartbeat comes in time.') lease_seconds?: number;
}

export class ClaimNextBody extends ClaimPacketBody {
  @Optional() @Texts(100, [1, 64], 'Beside those it is registered with.') capabilities?: string[];
  @Optional() @Texts(64, [1, 128], 'Only packets that have all of them.') tags?: string[];
  @Optional() @Int(1, 50, 'Packets at most; 1 when left out.') max?: number;
  @Optional() @Int(0, 30, 'How long to wait for work when there is none.') wait_seconds?: number;
}

class HeartbeatProgressBody {
  @Int(0, 100) percent!: number;
  @Optional() @Text(1, 2_000) note?: string;
}

export class HeartbeatBody extends ByAgentBody {
  @Text(1, 128, 'The fencing token: `claim.claim_id` of the packet that was claimed.') claim_id!: string;
  @Optional()
  @Int(1, 43_200, 'The lease from now on; as it was claimed when left out.')
  lease_seconds?: number;
  @Optional() @Nested(HeartbeatProgressBody, 'Recorded, as by `/progress`.') progress?: HeartbeatProgressBody;
}

export class StartPacketBody extends ByClaimantBody {
  @Optional() @Text(1, 2_000) note?: string;
}

export class ReportProgressBody extends ByClaimantBody {
  @Int(0, 100) percent!: number;
  @Optional() @Text(1, 2_000) note?: string;
}

export class CompletePacketBody extends ByClaimantBody {
  @Optional() @AnyJson('Any JSON.') result?: unknown;
}

export class FailPacketBody extends ByClaimantBody {
  @Text(1, 10_000, 'What went wrong.') reason!: string;
  @Optional() @Pattern(/^[a-z0-9_.-]+$/, 64, 'A short code; `failed` when left out.') code?: string;
  @Optional() @Flag('Offer the packet again while attempts are left.') retryable?: boolean;
}

export class RejectPacketBody extends ByClaimantBody {
  @Text(1, 10_000, 'Why the work is not taken.') reason!: string;
}

export class ReleasePacketBody extends ByClaimantBody {
  @Optional() @Text(1, 10_000) reason?: string;
  @Optional() @Int(0, 31_536_000, 'Wait before it is offered again.') delay_seconds?: number;
}

/** Retry and cancel. */
export class ReasonBody extends ByAgentBody {
  @Optional() @Text(1, 10_000) reason?: string;
}

/** Each packet is checked by itself: one that is wrong does not stop the others. */
export class CreatePacketsBody {
  @Shape(...someOfAnything) packets!: unknown[];
}

const packetIds = SomeTexts(500, [1, 64], 'Ids of 1 to 500 packets.');

export class ClaimPacketsBody extends ClaimPacketBody {
  @packetIds packet_ids!: string[];
}

export class CompletePacketsBody extends ByAgentBody {
  @packetIds packet_ids!: string[];
  @Optional() @Shape(...claimIds) claim_ids?: Record<string, string>;
  @Optional() @AnyJson('The same result for all.') result?: unknown;
}

/** Batches of retry and cancel: of named packets, or of those that a filter finds. */
export class ReasonsBody extends ReasonBody {
  @Optional() @packetIds packet_ids?: string[];
  @Optional()
  @Nested(PacketFilterBody, 'Instead of packet_ids: the packets that match all of it, oldest first.')
  filter?: PacketFilterBody;
  @Optional() @Int(1, 500, 'With filter: packets at most; 100 when left out.') limit?: number;
  @Optional() @Flag('With filter: only tell which packets it would be.') dry_run?: boolean;
}
