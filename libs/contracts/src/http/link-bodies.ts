import { InstantText, Int, List, Nullable, OneOf, Optional, Text, Uuid } from './rules.js';

/** Seconds that a link may live at most: 30 days. */
const longestLife = 2_592_000;

export class CreateLinkBody {
  @Text(1, 256, 'Id of one of the approvers; any id where the checkpoint names none.') approver!: string;
  @Optional()
  @Int(1, longestLife, 'How long the link works; a day when left out.')
  expires_in_seconds?: number;
}

export class LinkDocument {
  @Uuid() link_id!: string;
  @Uuid() approval_id!: string;
  @Text(1, 256, 'Who votes by it.') approver!: string;
  @OneOf(['open', 'used', 'expired', 'revoked']) status!: string;
  @InstantText() created_at!: string;
  @Text(1, 64, 'Id of the key that made it.') created_by!: string;
  @InstantText() expires_at!: string;
  @Optional() @InstantText() used_at?: string;
  @Optional() @InstantText() revoked_at?: string;
}

export class MadeLinkDocument extends LinkDocument {
  @Nullable() @Text(1, 4_096, 'What to send to the approver, shown this once.') url!: string | null;
}

export class LinkListDocument {
  @List(LinkDocument, 200, 'Newest first, without their URLs.') links!: LinkDocument[];
}
