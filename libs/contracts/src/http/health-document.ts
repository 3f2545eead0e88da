import type { JsonObject } from '#libs/packet';
import { FreeObject, Int, List, Nested, Nullable, OneOf, Text } from './rules.js';

const many = Number.MAX_SAFE_INTEGER;

class VersionsDocument {
  @Text(1, 64) handoffrail!: string;
  @Text(1, 64) node!: string;
  @Nullable() @Text(1, 64) nats!: string | null;
  @Nullable() @Text(1, 128) postgres!: string | null;
}

class ConsumerStandingDocument {
  @Text(1, 256) name!: string;
  @Int(0, many, 'Messages that it has not been given yet.') pending!: number;
  @Int(0, many, 'Those that it has been given and has not settled.') unsettled!: number;
}

class StreamSizeDocument {
  @Text(1, 256, 'A bucket begins with `KV_`.') name!: string;
  @Int(0, many) messages!: number;
  @Int(0, many) bytes!: number;
  @List(ConsumerStandingDocument, 200) consumers!: ConsumerStandingDocument[];
}

class TableSizeDocument {
  @Text(1, 256, 'With its schema.') name!: string;
  @Int(0, many, 'With its indexes.') bytes!: number;
  @Nullable() @Int(0, many, 'As the statistics have it: an estimate.') rows!: number | null;
}

class WholeBacklogDocument {
  @FreeObject('Packets that wait to be claimed, by priority.') waiting!: JsonObject;
  @Nullable() @Int(0, many) oldest_waiting_seconds!: number | null;
  @Int(0, many, 'Live, and past their deadline; counted up to 10,001 of each tenant and status.')
  overdue!: number;
  @Int(0, many) dead_letters!: number;
  @Int(0, many) approvals_open!: number;
  @Int(0, many) approvals_overdue!: number;
}

class OwedDocument {
  @Int(0, many, 'Due, and with no process; counted up to 100,000.') waiting!: number;
  @Int(0, many, 'How long the first of them has been due.') oldest_seconds!: number;
}

/** How the rail is, for those who run it; what cannot be told now is null. */
export class SystemHealthDocument {
  @OneOf(['ok', 'unavailable']) status!: string;
  @Nested(VersionsDocument) versions!: VersionsDocument;
  @FreeObject('Each dependency of the gateway that answered, by name: `ok`, and what it says of itself.')
  checks!: JsonObject;
  @Nullable() @Int(0, many, 'Events on the log that the read models do not hold.') lag_events!: number | null;
  @Nullable() @Nested(WholeBacklogDocument, 'Of all tenants.') backlog!: WholeBacklogDocument | null;
  @Nullable()
  @Nested(OwedDocument, 'Deliveries to webhooks, of all tenants.')
  deliveries!: OwedDocument | null;
  @Nullable() @List(StreamSizeDocument, 200, 'By name.') streams!: StreamSizeDocument[] | null;
  @Nullable() @List(TableSizeDocument, 200, 'Largest first.') tables!: TableSizeDocument[] | null;
}
