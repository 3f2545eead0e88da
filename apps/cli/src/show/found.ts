import type { FoundPacketDocument, PacketSearchDocument } from '#libs/sdk';
import { type Paint, paintStatus } from './paint.js';
import { oneLine } from './plain.js';
import { moreOf } from './packets.js';
import type { Look, Shape } from './shape.js';

const entities: Record<string, string> = {
  '&lt;': '<',
  '&gt;': '>',
  '&quot;': '"',
  '&#39;': "'",
  '&#x27;': "'",
  '&amp;': '&',
};

const unescaped = (html: string): string =>
  html.replace(/&(?:lt|gt|quot|#39|#x27|amp);/g, (entity) => entities[entity] ?? entity);

/** The HTML of the rail as text, what was found painted. */
const highlighted = (html: string, paint: Paint): string =>
  oneLine(html)
    .split(/<mark>(.*?)<\/mark>/)
    .map((part, at) => (at % 2 === 1 ? paint.yellow(unescaped(part)) : unescaped(part)))
    .join('');

const foundLines = (packet: FoundPacketDocument, { paint }: Look): string =>
  [
    `${paint.bold(packet.id)}  ${paintStatus(packet.status, paint)}  ${oneLine(packet.context.summary)}`,
    ...packet.highlights.map((html) => `  ${highlighted(html, paint)}`),
  ].join('\n');

/** Packets that were found, with the places where the words stand. */
export const foundList: Shape<PacketSearchDocument> = {
  text: (page, look) =>
    page.packets.length === 0
      ? look.paint.dim('Nothing found.')
      : [...page.packets.map((packet) => foundLines(packet, look)), ...moreOf(page).map(look.paint.dim)].join(
          '\n',
        ),
  ids: ({ packets }) => packets.map(({ id }) => id),
};
