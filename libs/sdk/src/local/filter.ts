import {
  type ExistingPacket,
  type Instant,
  isTerminal,
  claimOf,
  parseInstant,
  priorityOf,
  statusAfter,
} from '#libs/packet';
import { invalid } from './refusal.js';

/** Whether a packet is wanted. */
export type Test = (packet: ExistingPacket) => boolean;
type Read = (text: string, now: Instant) => Test | undefined;

const statuses = new Set<string>([...Object.values(statusAfter).flat(), 'created']);
statuses.delete('same');

const listOf = (text: string): string[] => text.split(',').filter((item) => item !== '');

const statusIn: Read = (text) => {
  const wanted = listOf(text);
  return wanted.every((one) => statuses.has(one)) ? ({ status }) => wanted.includes(status) : undefined;
};

const tagged: Read = (text) => {
  const wanted = listOf(text);
  return ({ content }) => wanted.every((tag) => content.metadata.tags.includes(tag));
};

const prioritized: Read = (text) => {
  const { priority } = priorityOf(/^\d+$/.test(text) ? Number(text) : text);
  return ({ content }) => content.metadata.priority === priority;
};

const when =
  (test: (packet: ExistingPacket, at: Instant) => boolean): Read =>
  (text) => {
    const at = parseInstant(text);
    return at === null ? undefined : (packet) => test(packet, at);
  };

const whether =
  (test: (packet: ExistingPacket, now: Instant) => boolean): Read =>
  (text, now) =>
    text === 'true' || text === 'false' ? (packet) => test(packet, now) === (text === 'true') : undefined;

const is =
  (valueOf: (packet: ExistingPacket) => string | null | undefined): Read =>
  (text) =>
  (packet) =>
    valueOf(packet) === text;

const isOverdue = ({ status, content }: ExistingPacket, now: Instant): boolean =>
  !isTerminal(status) && content.metadata.deadline !== undefined && content.metadata.deadline < now;

const readers: Record<string, Read> = {
  status: statusIn,
  tags: tagged,
  priority: prioritized,
  source_agent: is(({ content }) => content.metadata.source_agent.id),
  target_agent: is(({ content }) => content.metadata.target_agent?.id),
  claimed_by: is((packet) => claimOf(packet)?.agent.id),
  parent_packet_id: is(({ terms }) => terms.parent_packet_id),
  root_id: is(({ chain }) => chain.root_id),
  created_after: when(({ created_at }, at) => created_at > at),
  created_before: when(({ created_at }, at) => created_at < at),
  hitl_required: whether(({ approval }) => approval?.policy.required ?? false),
  dead_letter: whether((packet) => packet.status === 'failed' && packet.failure.code === 'max_attempts'),
  overdue: whether(isOverdue),
};

/** What a query narrows a list to. `others` are the parameters that are read elsewhere. @throws Refusal */
export const filterOf = (query: URLSearchParams, others: readonly string[], now: Instant): Test => {
  const tests: Test[] = [];
  for (const [field, text] of query) {
    if (others.includes(field)) continue;
    const test = readers[field]?.(text, now);
    const [code, message] = Object.hasOwn(readers, field)
      ? ['wrong_form', `"${text}" is not a value for it.`]
      : ['unknown_field', 'There is no such field here: correct its name or leave it out.'];
    if (test === undefined) throw invalid([{ field, code, message }]);
    tests.push(test);
  }
  return (packet) => tests.every((test) => test(packet));
};
