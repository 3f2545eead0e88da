import { expect } from 'vitest';
import type {
  CommandMeta,
  PacketCommand,
  PacketCommandData,
  PacketCommandType,
  Principal,
} from './commands.js';
import { decide } from './decide.js';
import type { PacketEvent, PacketEventType } from './events.js';
import { evolve } from './evolve.js';
import { after } from './ids.js';
import type { CommandId, Instant, PacketId, TenantId } from './ids.js';
import type { CreateInput } from './input.js';
import { normalizeNewPacket } from './normalize.js';
import type { Rejection, RejectionCode } from './rejections.js';
import { initialState } from './state.js';
import type { ExistingPacket, Packet } from './state.js';
import type { Verdict } from './verdict.js';

export const noon = '2026-01-01T12:00:00.000Z' as Instant;
export const tenant = 'acme' as TenantId;
export const packetId = '01980000-0000-7000-8000-000000000001' as PacketId;
export const childId = '01980000-0000-7000-8000-000000000002' as PacketId;
export const limits = { max_bytes: 100_000, max_chain_depth: 32, max_path_repeats: 3 };

const key = (more: Partial<Principal>): Principal => ({
  tenant_id: tenant,
  key_id: 'key-backend',
  role: 'writer',
  type: 'agent',
  ...more,
});

/** An unbound key of a backend that drives every agent. */
export const backend = key({});
export const admin = key({ key_id: 'key-admin', role: 'admin', type: 'human' });
export const system = key({ key_id: 'rail', role: 'admin', type: 'system' });
export const reader = key({ key_id: 'key-reader', role: 'reader', type: 'human' });
export const approver = key({ key_id: 'key-approver', role: 'approver', type: 'human' });
/** A key that is bound to one agent. */
export const bound = (agent_id: string, role: Principal['role'] = 'writer'): Principal =>
  key({ key_id: `key-${agent_id}`, agent_id, role });

/** A command without what the edge adds to it. */
export interface Ask {
  type: PacketCommandType;
  data: object;
  meta: Partial<CommandMeta>;
}

export const ask = <T extends PacketCommandType>(type: T, data: PacketCommandData[T]): Ask => ({
  type,
  data,
  meta: timers.has(type) ? { principal: system } : {},
});

const timers = new Set<PacketCommandType>([
  'route',
  'lose_claim',
  'expire',
  'escalate_approval',
  'remind_approval',
  'time_out_approval',
]);

export const having = (meta: Partial<CommandMeta>, asked: Ask): Ask => ({
  ...asked,
  meta: { ...asked.meta, ...meta },
});
export const as = (principal: Principal, asked: Ask): Ask => having({ principal }, asked);
/** The command, so many seconds after noon. */
export const at = (seconds: number, asked: Ask): Ask => having({ now: after(noon, seconds) }, asked);

export const agent = (id: string) => ({ id, name: id.toUpperCase() });

/** A create body from `ana` to `bo`. */
export const body = (more: Partial<CreateInput> = {}): CreateInput => ({
  metadata: { source_agent: agent('ana'), target_agent: agent('bo') },
  context: { summary: 'Move the billing service' },
  ...more,
});

export const create = (more: Partial<CreateInput> = {}): Ask =>
  ask('create', {
    packet: normalizeNewPacket(body(more), { now: noon }),
    trace_id: 'f'.repeat(32),
    approval_id: 'approval-1',
  });

export const claim = (by = 'bo', more: Partial<PacketCommandData['claim']> = {}): Ask =>
  ask('claim', { agent: agent(by), claim_id: `claim-${by}`, ...more });

export const complete = (result: PacketCommandData['complete']['result'] = { done: true }): Ask =>
  ask('complete', { result });

export const fail = (more: Partial<PacketCommandData['fail']> = {}): Ask =>
  ask('fail', { code: 'broken', reason: 'It broke', retryable: false, jitter: 0, ...more });

export const update = (patch: PacketCommandData['update']['patch']): Ask =>
  ask('update', { patch, limits, approval_id: 'approval-2' });

export const respond = (response: string, more: Partial<PacketCommandData['respond']> = {}): Ask =>
  ask('respond', {
    response,
    responded_by: 'Pat',
    next_claim_id: 'claim-pat',
    limits,
    ...more,
  });

const frozen = <T>(value: T): T => {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value);
    Object.values(value).forEach(frozen);
  }
  return value;
};

let commands = 0;
const hex = (n: number): string => n.toString(16).padStart(12, '0');

/** The whole command: at noon, by the backend's key, each with ids of its own. */
export const commandFor = ({ type, data, meta }: Ask): PacketCommand => {
  commands += 1;
  return {
    type,
    data,
    meta: {
      command_id: `command-${commands}` as CommandId,
      tenant_id: tenant,
      packet_id: packetId,
      now: noon,
      event_id: `01980000-0000-7000-9000-${hex(commands * 16)}`,
      principal: backend,
      traceparent: `00-${'f'.repeat(32)}-${'1'.repeat(16)}-01`,
      ...meta,
    },
  } as PacketCommand;
};

export const verdictOf = (packet: Packet, asked: Ask): Verdict => decide(commandFor(asked), frozen(packet));

/** The events of a verdict that must be one. */
export const eventsOf = (verdict: Verdict): PacketEvent[] => {
  if (verdict.kind !== 'accepted') throw new Error(`not accepted: ${JSON.stringify(verdict)}`);
  return verdict.events;
};

const changedBy = (packet: Packet, asked: Ask): Packet =>
  eventsOf(verdictOf(packet, asked)).reduce((state, event) => evolve(state, frozen(event)), packet);

/** The packet after these commands, all of which must be accepted. */
export const packetAfter = (...asked: Ask[]): ExistingPacket => {
  const packet = asked.reduce(changedBy, initialState);
  if (packet.status === 'absent') throw new Error('no packet');
  return packet;
};

/** What a test says about a verdict, and the packet that it leaves. */
const judged = (before: Packet, asked: Ask) => {
  const verdict = verdictOf(before, asked);
  const packet = (): ExistingPacket => changedBy(before, asked) as ExistingPacket;
  return {
    verdict,
    /** Accepted, with these events; the packet after them, matching `like`. */
    then: (types: PacketEventType | PacketEventType[], like: object = {}): ExistingPacket => {
      expect(eventsOf(verdict).map((event) => event.type)).toEqual([types].flat());
      const next = packet();
      expect(next).toMatchObject(like);
      return next;
    },
    thenData: (data: object): void => expect(eventsOf(verdict)[0]?.data).toMatchObject(data),
    thenQuiet: (): void => expect(verdict).toEqual({ kind: 'accepted', events: [] }),
    thenReplayed: (revision: number): void => expect(verdict).toEqual({ kind: 'replayed', revision }),
    thenRefused: (code: RejectionCode, like: Partial<Rejection> = {}): void =>
      expect(verdict).toMatchObject({ kind: 'refused', rejection: { code, ...like } }),
  };
};

/** Given these commands were carried out, when another is asked, then… */
export const given = (...asked: Ask[]) => {
  const before = asked.reduce(changedBy, initialState);
  return { when: (next: Ask) => judged(before, next) };
};
