import { tiers } from '../tiers.js';
import { InstantText, Int, Nested, Nullable, OneOf } from './rules.js';

const many = 1_000_000_000;

const limit = 'Null: no limit.';

class CountQuotaDocument {
  @Nullable() @Int(0, many, limit) limit!: number | null;
  @Int(0, many, 'There are now.') used!: number;
}

class WindowQuotaDocument {
  @Nullable() @Int(0, many, limit) limit!: number | null;
  @Nullable() @Int(0, many, 'In this window of the clock; null: not counted.') used!: number | null;
  @InstantText('When the count begins anew.') resets_at!: string;
}

class BoundDocument {
  @Nullable() @Int(0, many, limit) limit!: number | null;
}

/** What a tenant may have, and has, by the names of its limits. */
export class UsageDocument {
  @OneOf(tiers) tier!: string;
  @Nested(WindowQuotaDocument, 'Packets made on this UTC day.') packets_per_day!: WindowQuotaDocument;
  @Nested(WindowQuotaDocument, 'Of all keys; this request counts.') requests_per_hour!: WindowQuotaDocument;
  @Nested(BoundDocument, 'Of one key: RateLimit in each answer tells what is left.')
  requests_per_minute!: BoundDocument;
  @Nested(CountQuotaDocument, 'Registered agents.') agents!: CountQuotaDocument;
  @Nested(CountQuotaDocument, 'Keys that work.') keys!: CountQuotaDocument;
  @Nested(CountQuotaDocument) webhooks!: CountQuotaDocument;
  @Nested(CountQuotaDocument, 'Live streams that are open, on all gateways.') streams!: CountQuotaDocument;
  @Nested(BoundDocument, 'Bytes of JSON of one packet.') packet_bytes!: BoundDocument;
  @Nested(BoundDocument, 'How far back the audit shows.') audit_days!: BoundDocument;
}
