import { needsNewApproval } from './approval-end.js';
import { reopened } from './asking.js';
import type { CommandMeta, CommandOf } from './commands.js';
import { defined } from './defined.js';
import { after, epochOf, nthId } from './ids.js';
import type { Instant } from './ids.js';
import { accept, quiet } from './outcome.js';
import type { Fact, Rule } from './outcome.js';
import { actingAgent } from './standing.js';
import type { Route } from './routing.js';
import type { PacketBase } from './state.js';

/** The next choice for a routed packet: never an agent that rejected it. */
const nextOf = ({ data }: CommandOf<'reject'>, packet: PacketBase, by: string): Route | undefined => {
  if (packet.terms.routing === undefined || data.route === undefined) return undefined;
  const { id } = data.route.target;
  return id === by || packet.rejected_by.includes(id) ? undefined : data.route;
};

export const reject: Rule<'reject'> = (command, packet) => {
  const { meta, data } = command;
  const holder =
    packet.status === 'claimed' ? packet.claim.agent.id : packet.content.metadata.target_agent?.id;
  const by = actingAgent(command) ?? holder ?? meta.principal.key_id;
  const next = nextOf(command, packet, by);
  const rejected: Fact = {
    type: 'packet.rejected',
    data: {
      by,
      reason: data.reason,
      rerouted: packet.terms.routing !== undefined,
      ...defined({ next_target: next?.target }),
    },
  };
  return next === undefined ? accept(rejected) : accept(rejected, { type: 'packet.routed', data: next });
};

/** The router's choice; quiet when it comes too late: the packet has a target, or that agent has rejected it. */
export const route: Rule<'route'> = ({ data }, packet) =>
  packet.content.metadata.target_agent !== undefined || packet.rejected_by.includes(data.target.id)
    ? quiet
    : accept({ type: 'packet.routed', data });

export const cancel: Rule<'cancel'> = ({ data }) =>
  accept({ type: 'packet.cancelled', data: defined({ reason: data.reason }) });

export const expire: Rule<'expire'> = ({ meta, data }, packet) => {
  const { expires_at } = packet.terms;
  return expires_at !== undefined && expires_at <= meta.now
    ? accept({ type: 'packet.expired', data: { reason: data.reason } })
    : quiet;
};

/**
 * A packet whose time is over gets the same time anew; otherwise it would expire again at once. One that was
 * late when it was recorded had none, and gets a second.
 */
const newExpiry = ({ terms, opened_at }: PacketBase, now: Instant): Instant | undefined =>
  terms.expires_at === undefined || terms.expires_at > now
    ? undefined
    : after(now, Math.max(1, (epochOf(terms.expires_at) - epochOf(opened_at)) / 1000));

/** A retry is no way around people: a checkpoint that did not end well is opened again. */
const askedAgain = (packet: PacketBase, { event_id, now }: CommandMeta) => {
  const { approval, content } = packet;
  return approval !== undefined && needsNewApproval(approval)
    ? reopened(approval, content, { id: nthId(event_id, 1), at: now })
    : undefined;
};

export const retry: Rule<'retry'> = ({ meta, data }, packet) => {
  const expires_at = newExpiry(packet, meta.now);
  const retried = { type: 'packet.retried', data: defined({ reason: data.reason, expires_at }) } as const;
  const approval = askedAgain(packet, meta);
  return approval === undefined
    ? accept(retried)
    : accept(retried, { type: 'packet.approval_requested', data: { approval } });
};
