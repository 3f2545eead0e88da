import type { AgentBody, PacketDocument, PacketListDocument } from '#libs/sdk';
import { ageOf, momentOf } from './moments.js';
import { paintPriority, paintStatus } from './paint.js';
import { manyLines, oneLine } from './plain.js';
import type { Look, Shape } from './shape.js';
import { type Column, facts, table } from './table.js';

const nameOf = ({ id, name }: AgentBody): string => oneLine(name === id ? id : `${name} (${id})`);

const jsonOf = (value: unknown): string => manyLines(JSON.stringify(value, null, 2));

const claimOf = ({ claim }: PacketDocument): string | null => {
  if (claim === null) return null;
  const until = claim.lease_expires_at ? `, lease until ${momentOf(claim.lease_expires_at)}` : '';
  return `${nameOf(claim.agent)}, attempt ${claim.attempt}${until}\nclaim id ${claim.claim_id}`;
};

const progressOf = ({ progress }: PacketDocument): string | null =>
  progress && `${progress.percent} %${progress.note ? `, ${oneLine(progress.note)}` : ''}`;

const failureOf = ({ failure }: PacketDocument): string | null =>
  failure && `${oneLine(failure.reason)} (${failure.code}${failure.retryable ? ', retryable' : ''})`;

const textIn = (hitl: Record<string, unknown>, field: string): string | null => {
  const value = hitl[field];
  return typeof value === 'string' ? oneLine(value) : null;
};

const questionOf = ({ hitl, status }: PacketDocument): string | null =>
  hitl && status === 'awaiting_human' ? (textIn(hitl, 'question') ?? textIn(hitl, 'reason')) : null;

const answerOf = ({ hitl }: PacketDocument): string | null => {
  const response = hitl && textIn(hitl, 'response');
  return response && [response, textIn(hitl, 'responded_by')].filter(Boolean).join(', by ');
};

const carriedOf = ({ context, decisions, actions, dependencies }: PacketDocument): string =>
  [
    [context.conversation_state?.length, 'turns'],
    [context.artifacts?.length, 'artifacts'],
    [decisions.length, 'decisions'],
    [actions.pending?.length, 'pending actions'],
    [dependencies.length, 'dependencies'],
  ]
    .filter(([count]) => Boolean(count))
    .map(([count, name]) => `${count} ${name}`)
    .join(', ');

const factsOf = (packet: PacketDocument): [string, string | null | undefined][] => {
  const { metadata } = packet;
  return [
    ['from', nameOf(metadata.source_agent)],
    ['to', metadata.target_agent ? nameOf(metadata.target_agent) : 'whoever suits it'],
    ['created', momentOf(packet.created_at)],
    ['deadline', metadata.deadline && momentOf(metadata.deadline)],
    ['expires', packet.expires_at && momentOf(packet.expires_at)],
    ['tags', oneLine(metadata.tags.join(', '))],
    ['reason', metadata.reason && oneLine(metadata.reason)],
    ['parent', packet.parent_packet_id],
    ['carries', carriedOf(packet)],
    ['claim', claimOf(packet)],
    ['progress', progressOf(packet)],
    ['asks', questionOf(packet)],
    ['answer', answerOf(packet)],
    ['failure', failureOf(packet)],
    ['result', packet.result === null || packet.result === undefined ? null : jsonOf(packet.result)],
  ];
};

const indented = (text: string): string =>
  manyLines(text)
    .split('\n')
    .map((line) => `  ${line}`.trimEnd())
    .join('\n');

/** One packet: what it is about, where it stands. */
export const packetCard: Shape<PacketDocument> = {
  text: (packet, look) => {
    const { paint } = look;
    const { priority } = packet.metadata;
    const head = [paint.bold(packet.id), paintStatus(packet.status, paint), paintPriority(priority, paint)];
    return [head.join('  '), indented(packet.context.summary), facts(factsOf(packet), look)].join('\n');
  },
  ids: ({ id }) => [id],
};

const ids = ({ packets }: { packets: PacketDocument[] }): string[] => packets.map(({ id }) => id);

const packetColumns = (look: Look): Column<PacketDocument>[] => [
  { title: 'ID', value: ({ id }) => id },
  { title: 'STATUS', value: ({ status }) => status, paint: paintStatus },
  { title: 'PRIORITY', value: ({ metadata }) => metadata.priority, paint: paintPriority },
  { title: 'FROM', value: ({ metadata }) => metadata.source_agent.id },
  { title: 'TO', value: ({ metadata }) => metadata.target_agent?.id ?? '-' },
  { title: 'AGE', value: ({ created_at }) => ageOf(created_at, look.now) },
  { title: 'SUMMARY', value: ({ context }) => context.summary, flexible: true },
];

/** Packets, a line each. */
export const packetRows = (packets: PacketDocument[], look: Look): string =>
  packets.length === 0 ? look.paint.dim('No packets.') : table(packetColumns(look), packets, look);

type PacketPage = Pick<PacketListDocument, 'packets' | 'total' | 'total_capped' | 'next_cursor'>;

/** How to see the rest of a page that is not all. */
export const moreOf = ({ packets, total, total_capped, next_cursor }: PacketPage): string[] =>
  next_cursor === null
    ? []
    : ['', `${packets.length} of ${total}${total_capped ? ' or more' : ''}; --all shows everything.`];

/** A page of packets, and how many more there are. */
export const packetList: Shape<PacketPage> = {
  text: (page, look) => [packetRows(page.packets, look), ...moreOf(page).map(look.paint.dim)].join('\n'),
  ids,
};

/** Packets that were claimed at once: a card each. */
export const packetCards: Shape<{ packets: PacketDocument[] }> = {
  text: ({ packets }, look) =>
    packets.length === 0
      ? look.paint.dim('There is nothing to do.')
      : packets.map((packet) => packetCard.text(packet, look)).join('\n\n'),
  ids,
};
