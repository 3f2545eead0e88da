import {
  type Approval,
  currentSchema,
  fold,
  instantAt,
  normalizeNewPacket,
  type ExistingPacket,
  type NewPacket,
  type Packet,
  type PacketEvent,
  type PacketEventData,
  type PacketEventType,
  type PacketId,
  type TenantId,
} from '#libs/packet';
import { realisticPacket } from '#libs/testing';
import type { Change, LoggedEvent } from './logged-event.js';
import type { LogPage, LogSource } from './replay.js';

export const acme = 'acme' as TenantId;
export const umbrella = 'umbrella' as TenantId;
export const startMs = Date.UTC(2026, 0, 1, 12);

/** The body of a create: realistic, with what the test cares about laid over it. */
export type Body = Record<string, unknown>;

export const idOf = (serial: number): PacketId =>
  `01980000-0000-7000-8000-${serial.toString(16).padStart(12, '0')}` as PacketId;

const traceparentOf = (serial: number): string =>
  `00-${serial.toString(16).padStart(32, '0')}-00f067aa0ba902b7-01`;

const newPacket = (serial: number, body: Body): NewPacket => {
  const realistic = realisticPacket(serial);
  const metadata = { ...realistic.metadata, ...(body['metadata'] as object | undefined) };
  const context = { ...realistic.context, ...(body['context'] as object | undefined) };
  const input = { ...realistic, ...body, metadata, context } as unknown as Parameters<
    typeof normalizeNewPacket
  >[0];
  return normalizeNewPacket(input, { now: instantAt(startMs) });
};

/** A log in memory that tells stories: each call records one event of one packet, ten milliseconds later. */
export class RecordedLog implements LogSource {
  readonly events: LoggedEvent[] = [];
  /** Sequences that the log has lost, as after a deletion. */
  readonly holes = new Set<number>();
  private readonly revisions = new Map<string, number>();
  private serial = 0;

  constructor(public nowMs = startMs) {}

  /** Creates a packet and returns its id. */
  create(
    body: Body = {},
    tenant: TenantId = acme,
    parent?: { id: PacketId; root: PacketId; depth: number },
  ): PacketId {
    this.serial += 1;
    const id = idOf(this.serial);
    const { content, terms, hitl } = newPacket(this.serial, body);
    const approval = hitl?.required ? { approval: openApproval(hitl, `approval-${this.serial}`) } : {};
    const chain = {
      root_id: parent?.root ?? id,
      depth: parent?.depth ?? 0,
      path: [content.metadata.source_agent.id],
    };
    const data = {
      content,
      terms: { ...terms, parent_packet_id: parent?.id ?? null },
      chain,
      trace_id: '0'.repeat(32),
      ...approval,
    };
    this.record('packet.created', { id, tenant }, data);
    return id;
  }

  claim(id: PacketId, agent = 'billing-01', tenant: TenantId = acme): void {
    const claim = {
      agent: { id: agent, name: agent },
      claim_id: `claim-${this.events.length}`,
      attempt: 1,
      claimed_at: instantAt(this.nowMs),
    };
    this.record('packet.claimed', { id, tenant }, { claim });
  }

  complete(id: PacketId, tenant: TenantId = acme): void {
    this.record('packet.completed', { id, tenant }, { claim_id: 'claim', result: { done: true } });
  }

  record<T extends PacketEventType>(
    type: T,
    { id, tenant = acme }: { id: PacketId; tenant?: TenantId },
    data: PacketEventData[T],
  ): void {
    const key = `${tenant} ${id}`;
    const revision = (this.revisions.get(key) ?? 0) + 1;
    this.revisions.set(key, revision);
    const sequence = this.events.length + 1;
    const event = {
      id: `01990000-0000-7000-8000-${sequence.toString(16).padStart(12, '0')}`,
      schema: currentSchema[type],
      tenant_id: tenant,
      packet_id: id,
      revision,
      occurred_at: instantAt(this.nowMs),
      actor: { type: 'agent', id: 'sales-01', key_id: 'key-1' },
      causation_id: `command-${sequence}`,
      correlation_id: id,
      traceparent: traceparentOf(sequence),
      type,
      data,
    } as unknown as PacketEvent;
    this.events.push({ event, sequence });
    this.nowMs += 10;
  }

  read(from: number, limit: number): Promise<LogPage> {
    const rest = this.events.filter(({ sequence }) => sequence >= from && !this.holes.has(sequence));
    const events = rest.slice(0, limit);
    const next = (events.at(-1)?.sequence ?? from - 1) + 1;
    return Promise.resolve({ events, next, end: events.length === rest.length });
  }

  lastSequence(): Promise<number> {
    return Promise.resolve(this.events.length);
  }

  /** The packet as the domain folds it. */
  packet(id: PacketId, tenant: TenantId = acme): ExistingPacket {
    const own = this.events.filter(({ event }) => event.packet_id === id && event.tenant_id === tenant);
    return fold(own.map(({ event }) => event)) as ExistingPacket;
  }

  /** All changes, as one batch would hand them to the projections. */
  changes(): Change[] {
    const states = new Map<string, Packet>();
    return this.events.map(({ event, sequence }) => {
      const before = states.get(event.packet_id) ?? { status: 'absent' };
      const after = fold([event], before);
      states.set(event.packet_id, after);
      return { event, sequence, before, after };
    });
  }
}

/** A checkpoint as it opens. */
export const openApproval = (
  policy: NonNullable<NewPacket['hitl']>,
  id: string,
  more: Partial<Approval> = {},
): Approval =>
  ({
    id,
    state: 'open',
    policy,
    approvers: policy.approvers,
    requested_by: 'sales-01',
    requested_at: instantAt(startMs),
    content_digest: 'digest',
    votes: [],
    escalation_step: 0,
    ...more,
  }) as unknown as Approval;
