import type { NewPacket } from './commands.js';
import type { RouteInput } from './routing.js';
import type { ExistingPacket } from './state.js';

/** A packet, or what is to become one, as far as the router looks at it. */
export type Routable = Pick<RouteInput, 'source' | 'routing' | 'summary' | 'pending' | 'rejected_by'>;

/** A packet that is about to be made. */
export const routableOf = ({ content, terms }: NewPacket): Routable => ({
  source: content.metadata.source_agent.id,
  routing: terms.routing ?? {},
  summary: content.context.summary,
  pending: content.actions.pending.map(({ description }) => description),
  rejected_by: [],
});

/** A packet that is there; `alsoNot` is about to reject it. */
export const routableAgain = (packet: ExistingPacket, alsoNot: string[] = []): Routable => ({
  ...routableOf(packet),
  rejected_by: [...packet.rejected_by, ...alsoNot],
});
