import type { JsonObject } from '#libs/packet';
import {
  FreeObject,
  InstantText,
  Int,
  List,
  Nested,
  Nullable,
  OneOf,
  Optional,
  Text,
  Uuid,
} from './rules.js';

const many = 1_000_000_000;

class AuditActorDocument {
  @OneOf(['agent', 'human', 'system', 'unknown']) type!: string;
  @Text(1, 256) id!: string;
  @Optional() @Text(1, 64) key_id?: string;
  @Optional() @Text(1, 11, 'The first 11 characters of the key.') key_prefix?: string;
}

class AuditReasonDocument {
  @Text(1, 64, 'A problem code.') code!: string;
  @Text(0, 2_000) detail!: string;
}

export class AuditEntryDocument {
  @Uuid() id!: string;
  @InstantText() timestamp!: string;
  @Text(1, 128, 'The type of a packet’s event, or the operation: its tag and its name here.') action!: string;
  @OneOf(['allowed', 'denied']) result!: string;
  @OneOf(
    ['done', 'refused', 'unknown'],
    'unknown: the gateway did not live, or could not, tell whether it was made.',
  )
  outcome!: string;
  @Nested(AuditActorDocument) actor!: AuditActorDocument;
  @Text(1, 1_024, 'The path of what it is about.') resource!: string;
  @Nullable() @Uuid() packet_id!: string | null;
  @Nullable() @Nested(AuditReasonDocument, 'Why it was refused.') reason!: AuditReasonDocument | null;
  @FreeObject('Of a packet’s event its data; of a change the names of its fields, and the values of some.')
  details!: JsonObject;
  @Text(0, 64) trace_id!: string;
  @Nullable() @Text(1, 128) request_id!: string | null;
  @Int(0, many, 'Refused attempts of the tenant before this one that were too many to be kept.')
  dropped!: number;
}

export class AuditListDocument {
  @List(AuditEntryDocument, 200, 'Newest first.') entries!: AuditEntryDocument[];
  @Int(1, 200) limit!: number;
  @Nullable()
  @Text(1, 1_024, 'Null at the end. A page may hold few entries, or none, before it.')
  next_cursor!: string | null;
}

/** What the audit answers with. */
export const auditDocuments = [AuditEntryDocument, AuditListDocument];
