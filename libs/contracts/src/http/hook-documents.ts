import type { JsonObject } from '#libs/packet';
import { deliveryStates, hookEvents, HookFilterBody } from './hook-bodies.js';
import {
  Flag,
  FreeObject,
  InstantText,
  Int,
  List,
  Nested,
  Nullable,
  OneOf,
  Optional,
  SomeOf,
  Text,
  Texts,
  Uuid,
} from './rules.js';

const many = 1_000_000_000;

export class HookDocument {
  @Uuid() id!: string;
  @Text(1, 2_048) url!: string;
  @SomeOf(hookEvents) events!: string[];
  @Optional() @Text(1, 1_000) description?: string;
  @Optional() @Nested(HookFilterBody) filter?: HookFilterBody;
  @OneOf(['full', 'thin']) payload!: string;
  @Flag() ordered!: boolean;
  @Optional() @Int(1, 10_000) rate_per_second?: number;
  @Texts(20, [1, 64], 'The names of the headers that each delivery carries; values are not shown.')
  header_names!: string[];
  @OneOf(['active', 'disabled', 'deleted']) status!: string;
  @Optional()
  @OneOf(['gone', 'failing', 'deleted'], 'It answered 410; it only failed for days; somebody deleted it.')
  disabled_reason?: string;
  @Optional() @InstantText() disabled_at?: string;
  @Optional() @InstantText('Until then the secret before signs, too.') previous_secret_until?: string;
  @InstantText() created_at!: string;
  @Text(1, 64, 'Id of the key that made it.') created_by!: string;
  @InstantText() updated_at!: string;
}

export class MadeHookDocument extends HookDocument {
  @Nullable() @Text(16, 256, 'What signs each delivery, shown this once.') secret!: string | null;
}

export class HookListDocument {
  @List(HookDocument, 200, 'Oldest first.') hooks!: HookDocument[];
  @Int(0, many, 'Of the whole filter.') total!: number;
  @Int(1, 200) limit!: number;
  @Nullable() @Text(1, 1_024, 'Null at the end.') next_cursor!: string | null;
}

export class RotatedSecretDocument {
  @Uuid() hook_id!: string;
  @Text(16, 256, 'The new secret, shown this once.') secret!: string;
  @Nullable()
  @InstantText('Until then the secret before signs, too; null when it no longer does.')
  previous_secret_until!: string | null;
}

class AttemptDocument {
  @InstantText() at!: string;
  @Nullable() @Int(100, 599, 'Null when there was no answer.') status_code!: number | null;
  @Int(0, many) duration_ms!: number;
  @Nullable() @Text(0, 2_000, 'Why it failed.') error!: string | null;
  @Nullable() @Text(0, 1_024, 'The start of the answer, at most 1 KiB.') response_excerpt!: string | null;
}

export class DeliveryDocument {
  @Uuid('The header X-HR-Delivery.') id!: string;
  @Uuid() hook_id!: string;
  @Nullable() @Uuid() packet_id!: string | null;
  @Text(1, 64, 'The header webhook-id: the same at each attempt, and for every webhook.') event_id!: string;
  @Text(1, 64) event_type!: string;
  @OneOf(deliveryStates) status!: string;
  @List(AttemptDocument, 1_000, 'Oldest first.') attempts!: AttemptDocument[];
  @Nullable() @InstantText() next_retry_at!: string | null;
  @Nullable() @InstantText() delivered_at!: string | null;
  @InstantText() created_at!: string;
}

export class DeliveryListDocument {
  @List(DeliveryDocument, 200, 'Newest first.') deliveries!: DeliveryDocument[];
  @Int(1, 200) limit!: number;
  @Nullable() @Text(1, 1_024, 'Null at the end.') next_cursor!: string | null;
}

export class SentDeliveryDocument {
  @Uuid('Of the delivery: find it in the log of the webhook.') delivery_id!: string;
}

export class RecoveredDocument {
  @Int(0, many, 'Dead letters that are sent again.') deliveries!: number;
}

export class StartedReplayDocument {
  @InstantText('The log is read from then on; what is missing comes into the log of the webhook.')
  since!: string;
}

/** What a webhook gets. */
export class HookMessageDocument {
  @Text(1, 64, 'The id of the event, and the header webhook-id.') id!: string;
  @Text(1, 64, 'The type that the webhook asked for: the event’s own, or an alias.') type!: string;
  @InstantText('When it happened.') timestamp!: string;
  @FreeObject('`{packet}`, the packet right after the event; or `{packet_id}`, for a thin webhook.')
  data!: JsonObject;
  @Text(1, 64) tenant_id!: string;
  @Nullable() @Uuid('Null for what is about no packet.') packet_id!: string | null;
  @Nullable() @Int(1, many, 'Of the packet: tells the order of its events.') revision!: number | null;
  @Nullable() @Text(1, 64, 'The place in the log, as in HandoffRail-Min-Position.') position!: string | null;
}

/** Every answer about webhooks, and what they get. */
export const hookDocuments = [
  HookDocument,
  MadeHookDocument,
  HookListDocument,
  RotatedSecretDocument,
  DeliveryDocument,
  DeliveryListDocument,
  SentDeliveryDocument,
  RecoveredDocument,
  StartedReplayDocument,
  HookMessageDocument,
] as const;
