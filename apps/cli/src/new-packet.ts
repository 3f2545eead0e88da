import type { Readable } from 'node:stream';
import type { CreatePacketBody, FlatPacket } from '#libs/sdk';
import { readDocument, readJson, readText } from './input.js';
import type { PriorityFlag } from './parse.js';
import { UsageError } from './shell.js';

/** What a packet holds, as flags. */
export interface NewPacketFlags {
  sourceId?: string;
  sourceName?: string;
  targetId?: string;
  targetName?: string;
  summary?: string;
  priority?: PriorityFlag;
  tag?: string[];
  reason?: string;
  conversation?: string;
  custom?: string;
  file?: string;
  needs?: string[];
  hitl?: string;
  hitlReason?: string;
  deadline?: string;
  ttl?: number;
  claimPolicy?: 'target' | 'open';
  maxAttempts?: number;
  schema?: string;
  idempotencyKey?: string;
}

type Flat = Partial<FlatPacket>;

const agentOf = (id: string | undefined, name: string | undefined) =>
  id === undefined ? undefined : { id, name: name ?? id };

const hitlOf = ({ hitl, hitlReason }: NewPacketFlags): Flat['hitl'] => {
  if (hitl === undefined) return undefined;
  return { required: true, question: hitl, reason: (hitlReason ?? hitl).slice(0, 2_000) };
};

const read = async (flags: NewPacketFlags, stdin: Readable) => {
  const { summary, conversation, custom } = flags;
  return {
    summary: summary === undefined ? undefined : await readText(summary, stdin),
    conversation:
      conversation === undefined
        ? undefined
        : ((await readJson(conversation, stdin, '--conversation')) as Flat['conversation']),
    custom:
      custom === undefined ? undefined : ((await readJson(custom, stdin, '--custom')) as Flat['custom']),
  };
};

type Present<T> = { [Field in keyof T]?: Exclude<T[Field], undefined> };

const given = <T extends object>(fields: T): Present<T> =>
  Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined)) as Present<T>;

const flatOf = async (flags: NewPacketFlags, stdin: Readable): Promise<Flat> =>
  given({
    ...(await read(flags, stdin)),
    sourceAgent: agentOf(flags.sourceId, flags.sourceName),
    targetAgent: agentOf(flags.targetId, flags.targetName),
    priority: flags.priority,
    tags: flags.tag,
    reason: flags.reason,
    routing: flags.needs && { capabilities: flags.needs },
    hitl: hitlOf(flags),
    deadline: flags.deadline,
    ttlSeconds: flags.ttl,
    claimPolicy: flags.claimPolicy,
    retry: flags.maxAttempts === undefined ? undefined : { max_attempts: flags.maxAttempts },
    schemaId: flags.schema,
  });

/** The body of the API with what the flags say in the place of what it says. */
const overlaid = (body: CreatePacketBody, flat: Flat): CreatePacketBody => ({
  ...body,
  ...given({
    hitl: flat.hitl,
    routing: flat.routing,
    ttl_seconds: flat.ttlSeconds,
    claim_policy: flat.claimPolicy,
    retry: flat.retry,
    schema_id: flat.schemaId,
  }),
  metadata: {
    ...body.metadata,
    ...given({
      source_agent: flat.sourceAgent,
      target_agent: flat.targetAgent,
      priority: flat.priority,
      tags: flat.tags,
      reason: flat.reason,
      deadline: flat.deadline,
    }),
  } as CreatePacketBody['metadata'],
  context: {
    ...body.context,
    ...given({ summary: flat.summary, conversation_state: flat.conversation, custom: flat.custom }),
  },
});

const isFlat = (packet: Flat): packet is FlatPacket =>
  packet.sourceAgent !== undefined && packet.summary !== undefined;

const checked = (packet: Flat): FlatPacket => {
  if (isFlat(packet) && (packet.targetAgent ?? packet.routing)) return packet;
  if (packet.sourceAgent === undefined) throw new UsageError('Who hands over? Say --source-id ID.');
  if (packet.summary === undefined) throw new UsageError('What is it about? Say --summary TEXT.');
  throw new UsageError('Who gets it? Say --target-id ID, or --needs CAPABILITY to look for somebody.');
};

const isSource = (name: string | undefined): boolean => name === '-';

/** The packet that flags and file describe. @throws UsageError when something is missing, or stdin is asked for twice */
export const newPacketOf = async (
  flags: NewPacketFlags,
  stdin: Readable,
): Promise<CreatePacketBody | FlatPacket> => {
  const readers = [flags.file, flags.summary, flags.conversation, flags.custom].filter(isSource);
  if (readers.length > 1) throw new UsageError('Standard input can be read once: only one flag may be "-".');
  const file = flags.file === undefined ? {} : await readDocument(flags.file, stdin);
  const flat = await flatOf(flags, stdin);
  if ('metadata' in file) return overlaid(file as unknown as CreatePacketBody, flat);
  return checked({ ...(file as Flat), ...flat });
};
