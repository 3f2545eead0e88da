import type { FeedEvent, GapEvent, HookDisabledEvent, PacketFeedEvent } from '#libs/sdk';
import { momentOf } from './moments.js';
import { paintStatus } from './paint.js';
import { oneLine } from './plain.js';
import type { Look, Shape } from './shape.js';

const isPacketEvent = (event: FeedEvent): event is PacketFeedEvent => event.type.startsWith('packet.');

const packetLine = ({ timestamp, type, packet_id, data, agents }: PacketFeedEvent, { paint }: Look): string =>
  [
    paint.dim(momentOf(timestamp)),
    packet_id,
    type.replace(/^packet\./, ''),
    paintStatus(data.status, paint),
    paint.dim(oneLine(agents.join(', '))),
  ].join('  ');

const noticeLine = (event: GapEvent | HookDisabledEvent, { paint }: Look): string =>
  event.type === 'gap'
    ? paint.yellow(`gap: events are missing here (${event.reason})`)
    : `${paint.dim(momentOf(event.timestamp))}  ${paint.yellow('a webhook was given up')}`;

/** What happens in the tenant, a line each. */
export const feedLine: Shape<FeedEvent> = {
  text: (event, look) => (isPacketEvent(event) ? packetLine(event, look) : noticeLine(event, look)),
  ids: (event) => (isPacketEvent(event) ? [event.packet_id] : []),
};
