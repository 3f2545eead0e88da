import { AgentDocument, AgentListDocument, EdgesDocument, PresenceDocument } from './agent-bodies.js';
import { ApprovalDocument } from './approval-bodies.js';
import { auditDocuments } from './audit-documents.js';
import { controlDocuments } from './control-documents.js';
import { LinkDocument, LinkListDocument, MadeLinkDocument } from './link-bodies.js';
import { SystemHealthDocument } from './health-document.js';
import { hookDocuments } from './hook-documents.js';
import { packetStatuses, PacketDocumentBody } from './packet-document.js';
import { schemaDocuments } from './schema-bodies.js';
import { RoutePreviewDocument } from './route-bodies.js';
import { UsageDocument } from './usage-document.js';
import {
  type BodyClass,
  Flag,
  FreeObject,
  InstantText,
  Int,
  List,
  Nested,
  Nullable,
  OneOf,
  Optional,
  Text,
  Texts,
  Uuid,
} from './rules.js';
import type { JsonObject } from '#libs/packet';

const many = 1_000_000_000;

class FieldErrorDocument {
  @Text(0, 2_000, 'Dotted path, such as metadata.source_agent.id; empty for the body.') field!: string;
  @Text(1, 64) code!: string;
  @Text(1, 2_000, 'What to do.') message!: string;
}

/** RFC 9457, with our own members. */
export class ProblemDocument {
  @Text(1, 512, 'The page of this kind of problem.') type!: string;
  @Text(1, 256) title!: string;
  @Int(400, 599) status!: number;
  @Text(1, 4_000, 'A sentence that says what to do.') detail!: string;
  @Text(1, 4_000, 'The path of the request.') instance!: string;
  @Text(1, 64, 'Stable; decide by this.') code!: string;
  @Text(32, 32, 'Finds the request in traces and logs.') trace_id!: string;
  @Optional() @Text(0, 2_000) field?: string;
  @Optional() @List(FieldErrorDocument, 100, 'Each field that is wrong.') errors?: FieldErrorDocument[];
  @Optional() @Texts(32, [1, 64], 'The commands that the status allows.') allowed?: string[];
  @Optional() @Text(1, 32) packet_status?: string;
  @Optional() @Text(1, 256, 'The agent that was faster.') claimed_by?: string;
  @Optional() @Int(1, many, 'The current revision.') revision?: number;
  @Optional() @Int(0, 86_400, 'Seconds.') retry_after?: number;
  @Optional() @Int(0, many, 'What the tier of the tenant, or its overrides, allow.') limit?: number;
  @Optional() @Int(0, many, 'What of it is used up.') used?: number;
  @Optional() @InstantText('When it is free again by itself.') resets_at?: string;
}

class FoundPacketDocument extends PacketDocumentBody {
  @Texts(100, [0, 10_000], 'HTML-escaped, the matches in <mark>.') highlights!: string[];
}

const total = 'Of the whole filter.';
const capped = 'There are more than were counted.';
const next = 'Null at the end.';

export class PacketListDocument {
  @List(PacketDocumentBody, 200) packets!: PacketDocumentBody[];
  @Int(0, many, total) total!: number;
  @Flag(capped) total_capped!: boolean;
  @Int(1, 200) limit!: number;
  @Int(0, 10_000) offset!: number;
  @Nullable() @Text(1, 1_024, next) next_cursor!: string | null;
}

export class PacketSearchDocument {
  @List(FoundPacketDocument, 200, 'Best first.') packets!: FoundPacketDocument[];
  @Int(0, many, total) total!: number;
  @Flag(capped) total_capped!: boolean;
  @Int(1, 200) limit!: number;
  @Int(0, 10_000) offset!: number;
  @Nullable() @Text(1, 1_024, next) next_cursor!: string | null;
}

class AskingPacketDocument {
  @OneOf(packetStatuses) status!: string;
  @Text(0, 500, 'The first 500 characters.') summary!: string;
  @Int(1, 10, '10 is most urgent.') priority_level!: number;
  @Text(1, 256) source_agent!: string;
  @Nullable() @Text(1, 256) target_agent!: string | null;
}

class InboxApprovalDocument extends ApprovalDocument {
  @Nested(AskingPacketDocument, 'The packet as it is now.') packet!: AskingPacketDocument;
}

export class ApprovalListDocument {
  @List(InboxApprovalDocument, 200, 'Due first; those never due last, the oldest of them first.')
  approvals!: InboxApprovalDocument[];
  @Int(0, many, total) total!: number;
  @Flag(capped) total_capped!: boolean;
  @Int(1, 200) limit!: number;
  @Nullable() @Text(1, 1_024, next) next_cursor!: string | null;
}

class HistoryEventDocument {
  @Uuid() id!: string;
  @Uuid() packet_id!: string;
  @Text(1, 64) event_type!: string;
  @Int(1, many) revision!: number;
  @FreeObject('Who did it as authenticated, and what was declared beside it.') actor!: JsonObject;
  @FreeObject('The data of the event; of a create, without the content.') details!: JsonObject;
  @InstantText() timestamp!: string;
  @Text(0, 32) trace_id!: string;
}

export class HistoryDocument {
  @Uuid() packet_id!: string;
  @List(HistoryEventDocument, 200, 'Oldest first.') events!: HistoryEventDocument[];
  @Nullable() @Text(1, 1_024, next) next_cursor!: string | null;
}

class LineageNodeDocument {
  @Uuid() id!: string;
  @Nullable() @Uuid() parent_packet_id!: string | null;
  @OneOf(packetStatuses) status!: string;
  @Text(0, 500, 'The first 500 characters.') summary!: string;
  @Int(0, 1_000) depth!: number;
  @Text(1, 256) source_agent!: string;
  @Nullable() @Text(1, 256) target_agent!: string | null;
  @InstantText() created_at!: string;
}

class LineageTreeDocument extends LineageNodeDocument {
  @List(LineageTreeDocument, 1_000) children!: LineageTreeDocument[];
}

export class LineageDocument {
  @Uuid() packet_id!: string;
  @Uuid() root_id!: string;
  @Nested(LineageTreeDocument, 'The whole chain.') root!: LineageTreeDocument;
  @List(LineageNodeDocument, 1_000, 'From the root down to the parent.') ancestors!: LineageNodeDocument[];
  @List(LineageNodeDocument, 1_000, 'Level by level.') descendants!: LineageNodeDocument[];
  @Flag('The chain has more packets than are shown.') truncated!: boolean;
}

class DurationsDocument {
  @Int(0, many) count!: number;
  @Int(0, many) mean_ms!: number;
  @Int(0, many, 'At most 9 % over the true value.') p95_ms!: number;
}

class WaitingDocument {
  @Int(0, many) low!: number;
  @Int(0, many) normal!: number;
  @Int(0, many) high!: number;
  @Int(0, many) critical!: number;
}

export class HeartbeatDocument {
  @Nullable()
  @InstantText('When the claim is lost unless another heartbeat comes; null where no lease runs.')
  lease_expires_at!: string | null;
  @OneOf(['continue', 'stop']) directive!: string;
  @Optional() @Text(1, 11_000, 'Why to stop, or what the packet waits for.') reason?: string;
}

class DeliveryStandingDocument {
  @Int(0, 10_000, 'To be sent: now, at another attempt, or under way.') open!: number;
  @Int(0, 10_000, 'Of these, those that have failed at least once.') retrying!: number;
  @Int(0, 10_000, 'Those that could not be delivered.') dead_letters!: number;
  @Flag('Counting ended at 10,000 of a kind.') capped!: boolean;
}

export class StatsDocument {
  @FreeObject('Packets in each status.') by_status!: JsonObject;
  @Int(0, many) total!: number;
  @Int(0, many, 'Failed with every attempt used up; part of failed.') dead_letters!: number;
  @Int(0, 10_000, 'Live, and past their deadline.') overdue!: number;
  @Flag(capped) overdue_capped!: boolean;
  @Nested(WaitingDocument, 'Packets that wait to be claimed.') waiting!: WaitingDocument;
  @Nullable()
  @Int(0, many, 'Since the packet on offer that has waited longest was offered, or changed.')
  oldest_waiting_seconds!: number | null;
  @Int(0, many, 'Checkpoints that wait for people.') approvals_open!: number;
  @Int(0, 10_000, 'Open, and past the time to answer or to the next step.') approvals_overdue!: number;
  @Nested(DeliveryStandingDocument, 'What webhooks are still to be told.')
  deliveries!: DeliveryStandingDocument;
  @Nullable()
  @Int(0, many, 'Open on all gateways; null while that cannot be known.')
  live_streams!: number | null;
  @FreeObject('What happened in the running hour and the 23 before it.') last_24h!: JsonObject;
  @Nullable() @Nested(DurationsDocument) time_to_claim!: DurationsDocument | null;
  @Nullable() @Nested(DurationsDocument) time_to_complete!: DurationsDocument | null;
  @Nullable()
  @Nested(DurationsDocument, 'From a request for approval to what people decided.')
  time_to_decision!: DurationsDocument | null;
}

/** Every document that the API answers with. */
export const answerDocuments: readonly BodyClass[] = [
  PacketDocumentBody,
  PacketListDocument,
  PacketSearchDocument,
  ApprovalListDocument,
  HistoryDocument,
  LineageDocument,
  HeartbeatDocument,
  ApprovalDocument,
  StatsDocument,
  UsageDocument,
  SystemHealthDocument,
  LinkDocument,
  MadeLinkDocument,
  LinkListDocument,
  ...controlDocuments,
  ...auditDocuments,
  AgentDocument,
  AgentListDocument,
  PresenceDocument,
  EdgesDocument,
  RoutePreviewDocument,
  ...hookDocuments,
  ...schemaDocuments,
  ProblemDocument,
];
