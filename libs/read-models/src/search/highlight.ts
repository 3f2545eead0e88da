import type { PacketDocument } from '#libs/packet';
import type { DataSource } from 'typeorm';
import { queryPrepared } from '../prepared.js';
import { language } from './language.js';
import { searchText } from './text.js';

// Private-use characters, which no text needs: they become tags only after the text is escaped.
const [start, stop] = ['\ue000', '\ue001'];
const gap = ' … ';
/** Characters of a packet in which matches are looked for: highlighting reads the text again, word by word. */
const longest = 8_000;

const options = `StartSel=${start}, StopSel=${stop}, MaxFragments=2, MaxWords=18, MinWords=6, FragmentDelimiter="${gap}"`;

const entities: Record<string, string> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

const escapeHtml = (text: string): string => text.replace(/[&<>"']/g, (char) => entities[char] ?? char);

const toHtml = (headline: string): string[] =>
  headline
    .split(gap)
    .filter((piece) => piece.includes(start))
    .map((piece) => escapeHtml(piece).replaceAll(start, '<mark>').replaceAll(stop, '</mark>'));

const textOf = (packet: PacketDocument): string => {
  const { title, text } = searchText(packet);
  return `${title}\n${text}`.replace(/[\ue000\ue001]/g, ' ').slice(0, longest);
};

/** The pieces of each text that match, in the order of the packets. */
export const highlights = async (
  dataSource: DataSource,
  q: string,
  packets: readonly PacketDocument[],
): Promise<string[][]> => {
  if (packets.length === 0) return [];
  const rows = await queryPrepared<{ headline: string }>(dataSource, {
    text: `select ts_headline('${language}', t.text, websearch_to_tsquery('${language}', $1), $2) as headline
      from unnest($3::text[]) with ordinality t(text, n) order by n`,
    values: [q, options, packets.map(textOf)],
  });
  return rows.map(({ headline }) => toHtml(headline));
};
