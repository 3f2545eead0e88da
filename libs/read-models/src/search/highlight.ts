import type { PacketDocument } from '#libs/packet';
import type { DataSource } from 'typeorm';
import { queryPrepared } from '../prepared.js';
import { language } from './language.js';
import { searchText } from './text.js';

// Private-use characters, which no text needs. The first two become tags; the others stand for characters
// that Postgres would take for markup.
const [start, stop] = ['\ue000', '\ue001'];
const standIns: Record<string, string> = { '<': '\ue002', '>': '\ue003', '&': '\ue004' };
const gap = ' … ';
/** Characters of a packet in which matches are looked for: highlighting reads the text again, word by word. */
const longest = 8_000;

const options = `StartSel=${start}, StopSel=${stop}, MaxFragments=2, MaxWords=18, MinWords=6, FragmentDelimiter="${gap}"`;

const tags: Record<string, string> = {
  [start]: '<mark>',
  [stop]: '</mark>',
  '\ue002': '&lt;',
  '\ue003': '&gt;',
  '\ue004': '&amp;',
  '"': '&quot;',
  "'": '&#39;',
};

const toHtml = (headline: string): string[] =>
  headline
    .split(gap)
    .filter((piece) => piece.includes(start))
    .map((piece) => piece.replace(/["'\ue000-\ue004]/g, (char) => tags[char] ?? char));

const textOf = (packet: PacketDocument): string => {
  const { title, text } = searchText(packet);
  return `${title}\n${text}`
    .slice(0, longest)
    .replace(/[<>&\ue000-\ue004]/g, (char) => standIns[char] ?? ' ');
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
