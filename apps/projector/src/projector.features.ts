import { randomUUID } from 'node:crypto';
import type { CommandRequest } from '#libs/contracts';
import {
  formatTraceparent,
  handleCommand,
  newSpanId,
  newTraceId,
  type PacketLog,
  uuidv7,
} from '#libs/event-log';
import {
  type CommandId,
  type CreateInput,
  instantAt,
  normalizeNewPacket,
  type PacketCommandData,
  type PacketCommandType,
  type PacketId,
  type TenantId,
} from '#libs/packet';
import { createLogger, HealthChecks, readConfig, type Runtime, startRuntime } from '#libs/service-kit';
import { realisticPacket } from '#libs/testing';
import { Projector } from './projector.js';

export const tenant = 'acme' as TenantId;

const requestOf = <T extends PacketCommandType>(
  type: T,
  packet: PacketId,
  data: PacketCommandData[T],
): CommandRequest =>
  ({
    type,
    data,
    meta: {
      command_id: randomUUID() as CommandId,
      tenant_id: tenant,
      packet_id: packet,
      principal: { tenant_id: tenant, key_id: 'key-1', role: 'admin', type: 'agent' },
      traceparent: formatTraceparent({ traceId: newTraceId(), spanId: newSpanId(), sampled: true }),
    },
  }) as unknown as CommandRequest;

const send = async (log: PacketLog, request: CommandRequest): Promise<PacketId> => {
  const reply = await handleCommand(log, request);
  if (reply.outcome !== 'accepted') throw new Error(JSON.stringify(reply));
  return reply.packet.id;
};

let serial = 0;

/** Creates a packet on the log. */
export const create = (log: PacketLog, more: Partial<CreateInput> = {}): Promise<PacketId> => {
  serial += 1;
  const input = { ...realisticPacket(serial), ...more };
  const packet = normalizeNewPacket(input, { now: instantAt(Date.now()) });
  const data = { packet, trace_id: newTraceId(), approval_id: uuidv7() };
  return send(log, requestOf('create', uuidv7() as PacketId, data));
};

/** Creates a packet that counts against a daily limit. */
export const createCounted = (log: PacketLog): Promise<PacketId> => {
  const packet = normalizeNewPacket(realisticPacket((serial += 1)), { now: instantAt(Date.now()) });
  const data = { packet, trace_id: newTraceId(), approval_id: uuidv7() };
  const request = requestOf('create', uuidv7() as PacketId, data);
  return send(log, { ...request, meta: { ...request.meta, packets_per_day: 1_000 } });
};

export const claim = (log: PacketLog, id: PacketId): Promise<PacketId> =>
  send(log, requestOf('claim', id, { agent: { id: 'billing-01', name: 'Billing' }, claim_id: randomUUID() }));

export const complete = (log: PacketLog, id: PacketId): Promise<PacketId> =>
  send(log, requestOf('complete', id, { result: { done: true } }));

/** Answers the open checkpoint, with another key than the one that asked. */
export const respond = (log: PacketLog, id: PacketId, response: string): Promise<PacketId> =>
  send(log, requestOf('respond', id, { response, next_claim_id: randomUUID() }));

export const cancel = (log: PacketLog, id: PacketId): Promise<PacketId> =>
  send(log, requestOf('cancel', id, {}));

/** The runtime of a service in this process. */
export const runtimeOn = (natsUrl: string, env: Record<string, string> = {}): Promise<Runtime> => {
  const config = readConfig({ NATS_URL: natsUrl, HR_LOG_LEVEL: 'silent', ...env });
  return startRuntime({
    service: 'projector',
    config,
    logger: createLogger(config, 'projector'),
    owner: true,
  });
};

/** A projector as its module would make it, started. */
export const startProjector = (runtime: Runtime, databaseUrl: string): Projector => {
  const { log, nats, logger } = runtime;
  const projector = new Projector({ databaseUrl, log, nats, logger, health: new HealthChecks() });
  projector.onApplicationBootstrap();
  return projector;
};
