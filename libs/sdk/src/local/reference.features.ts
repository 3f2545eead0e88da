import {
  type CommandId,
  commandsFrom,
  decide,
  evolve,
  type ExistingPacket,
  initialState,
  instantAt,
  type Packet,
  type PacketCommand,
  type PacketCommandType,
  type PacketEvent,
  type PacketId,
  type PacketTimer,
  type Principal,
  railPrincipal,
  readApprovalTimer,
  statusAfter,
  type TenantId,
  timersAfter,
} from '#libs/packet';
import { expect } from 'vitest';
import { ops, type Step, unfenced } from './steps.features.js';

const tenant = 'local' as TenantId;
const caller: Principal = { tenant_id: tenant, key_id: 'local', role: 'writer', type: 'agent' };
const held: readonly Packet['status'][] = ['claimed', 'in_progress', 'awaiting_human'];

/** The rules as the services apply them: decide, evolve, and timers that fire in their second. */
export class Reference {
  packet: Packet = initialState;
  readonly events: PacketEvent[] = [];
  #ids = 0;
  #token: { claim_id: string; agent: string } | undefined;

  constructor(private now: number) {}

  /** The status that a step leads to, or the code of its refusal. */
  do(step: Step): string {
    if (step.op === 'wait') return this.#wait(step.seconds ?? 0);
    const { type, data } = ops[step.op];
    return this.ask(
      type,
      data(step, () => this.#newId()),
    );
  }

  ask(type: PacketCommandType, data: object, principal = caller): string {
    const verdict = decide(this.#command(type, data, principal), this.packet);
    if (verdict.kind === 'refused') return verdict.rejection.code;
    if (verdict.kind === 'accepted') this.#take(type, verdict.events);
    if (principal === caller) this.#remember(type);
    return this.packet.status;
  }

  #command(type: PacketCommandType, data: object, principal: Principal): PacketCommand {
    const { agent_id } = data as { agent_id?: string };
    const isHolders = agent_id === undefined || agent_id === this.#token?.agent;
    const isFenced = principal === caller && !unfenced.includes(type) && isHolders;
    const meta = {
      command_id: this.#newId() as CommandId,
      tenant_id: tenant,
      packet_id: '01980000-0000-7000-8000-000000000001' as PacketId,
      ...{ now: instantAt(this.now), event_id: this.#newId(), principal },
      traceparent: `00-${'f'.repeat(32)}-${'1'.repeat(16)}-01`,
      ...(isFenced && this.#token && { claim_id: this.#token.claim_id }),
    };
    return { type, data, meta } as PacketCommand;
  }

  /** As the client keeps the tokens of what it has claimed. */
  #remember(type: PacketCommandType): void {
    const { packet } = this;
    if (type === 'claim' && (packet.status === 'claimed' || packet.status === 'in_progress'))
      this.#token = { claim_id: packet.claim.claim_id, agent: packet.claim.agent.id };
    else if (!held.includes(packet.status)) this.#token = undefined;
  }

  /** Nothing happens but what the tables allow. */
  #take(type: PacketCommandType, events: PacketEvent[]): void {
    if (events.length > 0) expect(commandsFrom(this.packet.status)).toContain(type);
    for (const event of events) {
      const before = this.packet.status;
      this.packet = evolve(this.packet, event);
      const places: readonly string[] = statusAfter[event.type];
      const stays = places.includes('same') && this.packet.status === before;
      expect(stays || places.includes(this.packet.status)).toBe(true);
      this.events.push(event);
    }
  }

  #wait(seconds: number): string {
    for (let n = 0; n < seconds; n += 1) {
      this.now += 1000;
      for (let count = -1; count !== this.events.length;) {
        count = this.events.length;
        for (const timer of timersAfter(initialState, this.packet as ExistingPacket).set) this.#fire(timer);
      }
    }
    return this.packet.status;
  }

  #fire({ kind, key, at }: PacketTimer): void {
    if (at > instantAt(this.now)) return;
    const rail = railPrincipal(tenant);
    const approval = readApprovalTimer(key);
    if (kind === 'expiry') this.ask('expire', { reason: 'over' }, rail);
    else if (kind === 'lease')
      this.ask('lose_claim', { lost_claim_id: key[2], ended_at: at, jitter: 0 }, rail);
    else if (approval?.what === 'step')
      this.ask('escalate_approval', { ...approval, step: approval.step + 1 }, rail);
    else if (approval?.what === 'remind') this.ask('remind_approval', { ...approval }, rail);
    else this.ask('time_out_approval', { ...approval, next_claim_id: this.#newId() }, rail);
  }

  #newId(): string {
    this.#ids += 16;
    return `01980000-0000-7000-9000-${this.#ids.toString(16).padStart(12, '0')}`;
  }
}
