import { packetStatuses } from './packet-document.js';
import { Flag, InstantText, Optional, Shape, SomeOf, SomeTexts, Text, Uuid } from './rules.js';
import { type PriorityInput, priorityInput } from './values.js';

/** What narrows a list, in a query string as in a body. */
export class PacketFilterFields {
  @Optional() @Text(1, 256) source_agent?: string;
  @Optional() @Text(1, 256) target_agent?: string;
  @Optional() @Text(1, 256) claimed_by?: string;
  @Optional() @Shape(...priorityInput) priority?: PriorityInput;
  @Optional() @InstantText('Created after this instant.') created_after?: string;
  @Optional() @InstantText('Created before this instant.') created_before?: string;
  @Optional() @Flag('Whether it was ever to wait for a person.') hitl_required?: boolean;
  @Optional() @Flag('Failed with every attempt used up.') dead_letter?: boolean;
  @Optional() @Flag('Live, and past its deadline.') overdue?: boolean;
  @Optional() @Uuid() parent_packet_id?: string;
  @Optional() @Uuid() root_id?: string;
}

/** The packets that a command is for. */
export class PacketFilterBody extends PacketFilterFields {
  @Optional()
  @SomeOf(packetStatuses, 'Any of these; only such as the command is possible in.')
  status?: string[];
  @Optional() @SomeTexts(64, [1, 128], 'All of these.') tags?: string[];
}
