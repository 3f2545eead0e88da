import type { CommandReply, RequestMeta } from '#libs/contracts';
import { type Consumption, Poison, Retryable, startSpan, uuidv7 } from '#libs/event-log';
import {
  type CommandId,
  type PacketTimerId,
  parsePacketId,
  parseTenantId,
  railPrincipal,
  type TenantId,
} from '#libs/packet';
import { consumeTimers } from './consume-timers.js';
import type { DueTimer } from './timer.js';
import type { Timers } from './timers.js';

export interface PacketTimerOptions {
  kind: PacketTimerId['kind'];
  /** Sends the command of a due timer to its packet; `meta` says whose and which, in the name of the rail. */
  carryOut: (meta: RequestMeta, timer: DueTimer) => Promise<CommandReply>;
  /** Tenants that have ended: nothing happens to their packets any more. */
  tenants: { isEnded(tenant: TenantId): boolean };
}

/** @throws Poison when the key names no packet */
const packetOf = ({
  key: [tenant = '', packet = ''],
}: DueTimer): Pick<RequestMeta, 'tenant_id' | 'packet_id'> => {
  const tenant_id = parseTenantId(tenant);
  const packet_id = parsePacketId(packet);
  if (tenant_id === null || packet_id === null) throw new Poison('The timer names no packet.');
  return { tenant_id, packet_id };
};

const fire = async ({ kind, carryOut, tenants }: PacketTimerOptions, timer: DueTimer): Promise<void> => {
  const packet = packetOf(timer);
  if (tenants.isEnded(packet.tenant_id)) return;
  const span = startSpan(`timer ${kind}`, {
    kind: 'consumer',
    attributes: { 'handoffrail.packet_id': packet.packet_id, 'handoffrail.tenant_id': packet.tenant_id },
    ...(timer.traceparent && { parent: timer.traceparent }),
  });
  const reply = await carryOut(
    {
      ...packet,
      command_id: uuidv7() as CommandId,
      principal: railPrincipal(packet.tenant_id),
      traceparent: span.traceparent,
    },
    timer,
  );
  span.end(reply.outcome === 'fault' ? reply.detail : undefined);
  // A refusal is an answer: there is no such packet, for the event that the timer went ahead of never came.
  if (reply.outcome === 'fault') throw new Retryable(reply.detail);
};

/** Has the due timers of packets, of one kind, carried out as commands; again and again while that fails. */
export const consumePacketTimers = (timers: Timers, options: PacketTimerOptions): Consumption =>
  consumeTimers(timers, { kind: options.kind, handler: (timer) => fire(options, timer) });
