import { packetStatuses } from './packet-document.js';
import { Flag, InstantText, Int, OneOf, Optional, Shape, SomeOf, SomeTexts, Text, Uuid } from './rules.js';
import { type PriorityInput, priorityInput } from './values.js';

export class PageQuery {
  @Optional() @Int(1, 200, 'Entries per page; 50 when left out.') limit?: number;
  @Optional() @Text(1, 1_024, 'The `next_cursor` of the page before.') cursor?: string;
}

class PacketFilterQuery extends PageQuery {
  @Optional() @SomeOf(packetStatuses, 'Any of these, separated by commas.') status?: string[];
  @Optional() @Text(1, 256) source_agent?: string;
  @Optional() @Text(1, 256) target_agent?: string;
  @Optional() @Text(1, 256) claimed_by?: string;
  @Optional() @SomeTexts(64, [1, 128], 'All of these, separated by commas.') tags?: string[];
  @Optional() @Shape(...priorityInput) priority?: PriorityInput;
  @Optional() @InstantText('Created after this instant.') created_after?: string;
  @Optional() @InstantText('Created before this instant.') created_before?: string;
  @Optional() @Flag('Whether it was ever to wait for a person.') hitl_required?: boolean;
  @Optional() @Flag('Failed with every attempt used up.') dead_letter?: boolean;
  @Optional() @Flag('Live, and past its deadline.') overdue?: boolean;
  @Optional() @Uuid() parent_packet_id?: string;
  @Optional() @Uuid() root_id?: string;
  @Optional() @Int(0, 10_000, 'Entries to skip; a cursor goes further and stays stable.') offset?: number;
}

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

/** A route without parameters: any is refused. */
export class NoQuery {}
