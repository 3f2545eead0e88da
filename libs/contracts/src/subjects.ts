import type { PacketCommandType, PacketEventType, PacketId, TenantId } from '#libs/packet';

/** The services that own commands, or answer calls. */
export type CommandService = 'ingestion' | 'claiming' | 'approvals' | 'webhooks';

/** Which service decides which command: one owner each. */
export const serviceOf = {
  create: 'ingestion',
  chain: 'ingestion',
  update: 'ingestion',
  cancel: 'ingestion',
  expire: 'ingestion',
  route: 'ingestion',
  claim: 'claiming',
  start: 'claiming',
  progress: 'claiming',
  complete: 'claiming',
  fail: 'claiming',
  reject: 'claiming',
  release: 'claiming',
  lose_claim: 'claiming',
  retry: 'claiming',
  request_approval: 'approvals',
  respond: 'approvals',
  escalate_approval: 'approvals',
  remind_approval: 'approvals',
  time_out_approval: 'approvals',
} as const satisfies Record<PacketCommandType, CommandService>;

/** The commands that one service answers, in table order. */
export const commandsOf = (service: CommandService): PacketCommandType[] =>
  (Object.keys(serviceOf) as PacketCommandType[]).filter((type) => serviceOf[type] === service);

/** Request subject of a command: `hr.cmd.<service>.<command>`. Internal: callers are the gateway and timers. */
export const commandSubject = (type: PacketCommandType): string => `hr.cmd.${serviceOf[type]}.${type}`;

/** The log: one subject per packet, `hr.packets.<tenant>.<packet_id>`; the event's type is a header. */
export const packetSubject = (tenant: TenantId, packet: PacketId): string => `hr.packets.${tenant}.${packet}`;

/** The events of all packets of a tenant. */
export const tenantSubjects = (tenant: TenantId): string => `hr.packets.${tenant}.*`;

/**
 * How many packets a tenant with a daily limit has made today: a message on the log right before the first event of
 * each. It is no event, and no packet's.
 */
export const quotaSubject = (tenant: TenantId): string => `hr.packets.${tenant}.quota.packets_per_day`;

/** Live feed, published after the read models hold the event: `hr.feed.<tenant>.<packet_id>.<event_type>`. */
export const feedSubject = (tenant: TenantId, packet: PacketId, event: PacketEventType): string =>
  `hr.feed.${tenant}.${packet}.${event}`;

/** The live feed of a tenant. */
export const feedSubjects = (tenant: TenantId): string => `hr.feed.${tenant}.>`;

/** What others hear of an agent: it is there, it is another, it is gone. */
export type AgentNews = 'registered' | 'changed' | 'left';

/** Changes of the agent registry: `hr.agents.<tenant>.<agent>.<news>`; the agent's id in base64url. */
export const agentSubject = (tenant: TenantId, agent: string, news: AgentNews): string =>
  `hr.agents.${tenant}.${agent}.${news}`;

/** Where the projector tells its position after each commit: `{"position": "<token>"}`. */
export const positionSubject = 'hr.position';

/** A message that no consumer could handle: `hr.dead.<consumer>`, with the reason in its headers. */
export const deadLetterSubject = (consumer: string): string => `hr.dead.${consumer}`;

export const streams = {
  packets: 'HR_PACKETS',
  deadLetters: 'HR_DEAD_LETTERS',
  timers: 'HR_TIMERS',
  rateMinutes: 'HR_RATES_MINUTE',
  rateHours: 'HR_RATES_HOUR',
  streamSlots: 'HR_STREAM_SLOTS',
  audit: 'HR_AUDIT',
} as const;

/** Everything that the audit keeps of its own. */
export const auditSubjects = 'hr.audit.>';

/** A change of control data, and how it ended: `hr.audit.<tenant>.<action>`, such as `control.create_key`. */
export const auditSubject = (tenant: TenantId, action: string): string => `hr.audit.${tenant}.${action}`;

/** An attempt that was refused: `hr.audit.<tenant>.denied.<action>`. */
export const deniedSubject = (tenant: TenantId, action: string): string =>
  auditSubject(tenant, `denied.${action}`);

/** Every event of every packet. */
export const packetSubjects = 'hr.packets.>';

/** How much of what a window of the clock is measured in. */
export type RateWindowName = 'minute' | 'hour';

/** Requests of one window: `hr.rates.minute.<tenant>.<key id>.<window>`, `hr.rates.hour.<tenant>.<window>`. */
export const rateSubject = (window: RateWindowName, of: string, index: number): string =>
  `hr.rates.${window}.${of}.${index}`;

/** Every counter of one kind of window. */
export const rateSubjects = (window: RateWindowName): string => `hr.rates.${window}.>`;

/** A live stream that is open: `hr.streams.<tenant>.<slot>`; kept up by the gateway that serves it. */
export const streamSlotSubject = (tenant: string, slot: string): string => `hr.streams.${tenant}.${slot}`;

/** The open live streams of all tenants, or of one. */
export const streamSlotSubjects = (tenant?: string): string =>
  tenant === undefined ? 'hr.streams.>' : `hr.streams.${tenant}.*`;

/** Everything of timers. */
export const timerSubjects = 'hr.timers.>';

/**
 * A timer that is set, or that is due: `hr.timers.<stage>.<kind>.<key…>`. The server keeps the one as a message
 * schedule and publishes the other at its time.
 */
export const timerSubject = (stage: 'set' | 'due', kind: string, key: readonly string[]): string =>
  ['hr.timers', stage, kind, ...key].join('.');

/** Where a timer is taken back. */
export const timerCancelSubject = 'hr.timers.cancel';

/** The durable consumer of the due timers of one kind. */
export const timerConsumer = (kind: string): string => `timers-${kind}`;

/** Plain NATS between the copies of the webhooks service: these endpoints have something to deliver. */
export const deliveriesDueSubject = 'hr.deliveries.due';

export const consumers = {
  projector: 'projector',
  webhooks: 'webhooks',
} as const;

/** Key-value buckets of control data. */
export const buckets = {
  tenants: 'HR_TENANTS',
  keys: 'HR_KEYS',
  /** When each key was last used, by its id. */
  keyUses: 'HR_KEY_USES',
  /** Which packets a batch by filter chose, by its idempotency key. */
  chosen: 'HR_CHOSEN',
  agents: 'HR_AGENTS',
  presence: 'HR_PRESENCE',
  edges: 'HR_EDGES',
  /** Webhook endpoints. */
  hooks: 'HR_HOOKS',
  /** Registered JSON Schemas. */
  schemas: 'HR_SCHEMAS',
  /** One-time links for approvers, by checkpoint and link. */
  approvalLinks: 'HR_APPROVAL_LINKS',
  /** What the deployment keeps to itself, made once. */
  secrets: 'HR_SECRETS',
} as const;
