import { approvalStates } from './approval-bodies.js';
import { packetStatuses } from './packet-document.js';
import { PacketFilterFields } from './packet-filter.js';
import { Flag, InstantText, Int, OneOf, Optional, Pattern, SomeOf, SomeTexts, Text, Uuid } from './rules.js';

const limitRule = Int(1, 200, 'Entries per page; 50 when left out.');
const cursorRule = Text(1, 1_024, 'The `next_cursor` of the page before.');

export class PageQuery {
  @Optional() @limitRule limit?: number;
  @Optional() @cursorRule cursor?: string;
}

class PacketFilterQuery extends PacketFilterFields {
  @Optional() @limitRule limit?: number;
  @Optional() @cursorRule cursor?: string;
  @Optional() @SomeOf(packetStatuses, 'Any of these, separated by commas.') status?: string[];
  @Optional() @SomeTexts(64, [1, 128], 'All of these, separated by commas.') tags?: string[];
  @Optional() @Int(0, 10_000, 'Entries to skip; a cursor goes further and stays stable.') offset?: number;
}

const auditFormats = ['json', 'jsonl', 'csv'] as const;

const sorts = ['created_at', 'updated_at', 'priority', 'deadline'] as const;

export class PacketListQuery extends PacketFilterQuery {
  @Optional() @OneOf(sorts, 'created_at when left out.') sort?: (typeof sorts)[number];
  @Optional() @OneOf(['asc', 'desc'], 'desc when left out.') order?: 'asc' | 'desc';
}

export class PacketSearchQuery extends PacketFilterQuery {
  @Text(2, 500, 'Words; "quotes", -minus and or as in web search.') q!: string;
}

export class PacketQuery {
  @Optional() @SomeOf(['ancestors'], 'ancestors adds the merged context of the chain.') expand?: string[];
}

export class ApprovalListQuery extends PageQuery {
  @Optional() @SomeOf(approvalStates, 'Any of these, separated by commas.') state?: string[];
  @Optional()
  @Text(1, 256, 'Id of a user or a group: what names it, and what anybody may answer.')
  approver?: string;
  @Optional() @Flag('Open, and past the time to answer or to the next step.') overdue?: boolean;
  @Optional() @Uuid() packet_id?: string;
}

const actionForm = /^[a-z][a-z_]*(?:\.(?:[a-z_]+|\*))?$/;

export class AuditQuery extends PageQuery {
  @Optional()
  @Text(1, 256, 'Id of an agent or a key, or the first 11 characters of a key.')
  actor?: string;
  @Optional()
  @Pattern(
    actionForm,
    64,
    'An action; with `.*` behind its first word all that begin so, such as `control.*`.',
  )
  action?: string;
  @Optional() @Uuid() packet_id?: string;
  @Optional() @OneOf(['allowed', 'denied']) result?: 'allowed' | 'denied';
  @Optional() @InstantText('After this instant.') created_after?: string;
  @Optional() @InstantText('Before this instant.') created_before?: string;
  @Optional()
  @OneOf(auditFormats, 'All that the filter lets through instead of a page; goes before the header Accept.')
  format?: (typeof auditFormats)[number];
}

const keyRule = Text(1, 256, 'The API key, for clients in browsers that cannot send a header.');

export class FeedQuery {
  @Optional()
  @SomeTexts(200, [1, 300], 'Channels, any of which an event must be on; everything when left out.')
  subscribe?: string[];
  @Optional() @Text(1, 256, 'A cursor; the header Last-Event-ID goes before it.') last_event_id?: string;
  @Optional() @keyRule api_key?: string;
  @Optional() @keyRule token?: string;
}

/** A route without parameters: any is refused. */
export class NoQuery {}
