import { currentSchema, eventAliases } from '#libs/packet';
import { PageQuery } from './query-strings.js';
import { Flag, InstantText, Int, Nested, OneOf, Optional, Shape, SomeOf, SomeTexts, Text } from './rules.js';
import { hookHeaders, type PriorityInput, priorityInput } from './values.js';

/** What an endpoint may ask for: a type of event, an alias, all of packets, everything. */
export const hookEvents = [...Object.keys(currentSchema), ...eventAliases, 'hook.disabled', 'packet.*', '*'];

const eventsRule = SomeOf(hookEvents, 'Types of events, `packet.*`, or `*`, which is meant when left out.');
const urlRule = Text(1, 2_048, 'http or https; on the default port, or one from 1024 on. A public host.');
const noteRule = Text(1, 1_000);
const payloadRule = OneOf(['full', 'thin'], '`full`: the packet as of the event. `thin`: ids only.');
const orderRule = Flag('One packet’s events in their order; one that fails holds back those after it.');
const rateRule = Int(1, 10_000, 'Requests per second at most.');
const headersRule = Shape(...hookHeaders);
const secretRule = Text(16, 256, 'Made by us when left out. After `whsec_`: base64 of 16 bytes or more.');

/** Every part that is given must hold. */
export class HookFilterBody {
  @Optional() @Text(1, 256) source_agent?: string;
  @Optional() @Text(1, 256) target_agent?: string;
  @Optional() @SomeTexts(64, [1, 128], 'All of these.') tags?: string[];
  @Optional() @Shape(...priorityInput) priority?: PriorityInput;
}

const filterRule = Nested(HookFilterBody, 'Only packets of which all of this holds.');

export class CreateHookBody {
  @urlRule url!: string;
  @Optional() @eventsRule events?: string[];
  @Optional() @secretRule secret?: string;
  @Optional() @noteRule description?: string;
  @Optional() @filterRule filter?: HookFilterBody;
  @Optional() @payloadRule payload?: 'full' | 'thin';
  @Optional() @orderRule ordered?: boolean;
  @Optional() @rateRule rate_per_second?: number;
  @Optional() @headersRule headers?: Record<string, string>;
}

/** What is left out stays; null takes description, filter, rate_per_second or headers away. */
export class ChangeHookBody {
  @Optional() @urlRule url?: string;
  @Optional() @eventsRule events?: string[];
  @Optional() @noteRule description?: string;
  @Optional() @filterRule filter?: HookFilterBody;
  @Optional() @payloadRule payload?: 'full' | 'thin';
  @Optional() @orderRule ordered?: boolean;
  @Optional() @rateRule rate_per_second?: number;
  @Optional() @headersRule headers?: Record<string, string>;
}

export class RotateSecretBody {
  @Optional()
  @Int(0, 2_592_000, 'How long the secret before still signs, too; a day when left out.')
  grace_seconds?: number;
  @Optional() @secretRule secret?: string;
}

export class SinceBody {
  @InstantText() since!: string;
}

export class HookListQuery extends PageQuery {
  @Optional()
  @OneOf(['active', 'disabled', 'deleted'], 'All but the deleted when left out.')
  status?: 'active' | 'disabled' | 'deleted';
}

export const deliveryStates = ['pending', 'delivering', 'delivered', 'failed', 'dead_letter'] as const;

export class DeliveryListQuery extends PageQuery {
  @Optional() @OneOf(deliveryStates) status?: (typeof deliveryStates)[number];
}
