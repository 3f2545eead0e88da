import type { CommandReply, CommandRequest } from '#libs/contracts';
import { handleCommand, type PacketLog, uuidv7 } from '#libs/event-log';
import { type Issue, validate } from '#libs/json-schema';
import { type Context, decide, instantAt, type Packet, type PacketEvent, type Rejection } from '#libs/packet';
import type { SchemaRegistry } from '#libs/schemas';

/** A command that makes a packet. */
export type Making = Extract<CommandRequest, { type: 'create' | 'chain' }>;

interface Sources {
  log: PacketLog;
  schemas: SchemaRegistry;
}

/** How often a chain is checked anew because its parent changed meanwhile. */
const rounds = 4;

const isBirth = (event: PacketEvent): event is Extract<PacketEvent, { type: 'packet.created' }> =>
  event.type === 'packet.created';

/** The context that the new packet would have, inherited parts included; undefined: none is made. */
const contextOf = (request: Making, packet: Packet): Context | undefined => {
  const now = { now: instantAt(Date.now()), event_id: uuidv7() };
  const verdict = decide({ ...request, meta: { ...request.meta, ...now } }, packet);
  if (verdict.kind !== 'accepted') return undefined;
  return [...verdict.events, ...(verdict.child ?? [])].find(isBirth)?.data.content.context;
};

const unknown: Issue = {
  field: 'schema_id',
  code: 'not_found',
  message: 'There is no such schema: register it first.',
};

const inContext = ({ field, ...issue }: Issue): Issue => ({
  field: field === '' ? 'context' : `context.${field}`,
  ...issue,
});

const refusal = (errors: Issue[]): Rejection => ({
  code: 'validation_failed',
  detail: 'The context is not what the schema asks for: correct what "errors" names.',
  errors,
  ...(errors[0] && { field: errors[0].field }),
});

/** @throws LogUnavailable */
const issuesOf = async (schemas: SchemaRegistry, request: Making, context: Context): Promise<Issue[]> => {
  const { terms } = request.type === 'create' ? request.data.packet : request.data.child;
  const schema = await schemas.get(request.meta.tenant_id, terms.schema_id ?? '');
  return schema === undefined ? [unknown] : validate(schema.json_schema, context).map(inContext);
};

/** Bound to the revision that was looked at: the parent of a chain may change before the append. */
const boundTo = (request: Making, packet: Packet): Making => {
  const { meta } = request;
  if (packet.status === 'absent' || meta.expected_revision !== undefined) return request;
  return { ...request, meta: { ...meta, expected_revision: packet.revision } };
};

/** The answer; null: what was found good has changed meanwhile. */
const attempt = async ({ log, schemas }: Sources, request: Making): Promise<CommandReply | null> => {
  const { packet } = await log.load(request.meta.tenant_id, request.meta.packet_id);
  const context = contextOf(request, packet);
  if (context === undefined) return handleCommand(log, request);
  const issues = await issuesOf(schemas, request, context);
  if (issues.length > 0) return { outcome: 'refused', rejection: refusal(issues) };
  const bound = boundTo(request, packet);
  const reply = await handleCommand(log, bound);
  const isStale = reply.outcome === 'refused' && reply.rejection.code === 'revision_mismatch';
  return isStale && bound !== request ? null : reply;
};

/**
 * Makes a packet whose context satisfies the schema that it names. What the domain refuses, or has answered
 * before, is left to it. @throws LogUnavailable
 */
export const makeWithSchema = async (sources: Sources, request: Making): Promise<CommandReply> => {
  for (let round = 0; round < rounds; round += 1) {
    const reply = await attempt(sources, request);
    if (reply !== null) return reply;
  }
  const detail = 'The parent changed again and again meanwhile. Send the command again.';
  return { outcome: 'fault', code: 'contended', detail };
};
