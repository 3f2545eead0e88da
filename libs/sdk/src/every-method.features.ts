import type { RequestOptions } from './caller.js';
import type { HandoffRail } from './client.js';

/** A method of the client: by what name it is called, and where it is defined. */
export interface Method {
  /** `createPacket`, or `agents.register`. */
  name: string;
  key: string;
  owner: Record<string, unknown>;
}

// Not for callers: what sends, and what the commands have in common.
const internal = new Set(['constructor', 'command', 'caller']);

const isObject = (value: unknown): value is object => typeof value === 'object' && value !== null;

const methodsIn = (target: object, prefix: string): Method[] => {
  const owner = Object.getPrototypeOf(target) as Record<string, unknown> | null;
  if (owner === null || owner === Object.prototype) return [];
  const keys = Object.getOwnPropertyNames(owner).filter((key) => !internal.has(key));
  return [...keys.map((key) => ({ name: prefix + key, key, owner })), ...methodsIn(owner, prefix)];
};

/** Every method that users of a client can call. */
export const methodsOf = (rail: HandoffRail): Method[] => {
  const groups = Object.entries(rail).filter(([key, value]) => !internal.has(key) && isObject(value));
  return [
    ...methodsIn(rail, ''),
    ...groups.flatMap(([key, group]: [string, object]) => methodsIn(group, `${key}.`)),
  ];
};

/** Those that do not end with one answer; each has tests of its own in the named file. */
export const testedElsewhere: Record<string, string> = {
  worker: 'worker.int.test.ts',
  events: 'live/live.int.test.ts',
  socket: 'live/live.int.test.ts',
  nats: 'nats.int.test.ts',
};

type Ask = (rail: HandoffRail, options: RequestOptions) => PromiseLike<unknown>;

const flat = { sourceAgent: 'a', targetAgent: 'b', summary: 'c' };
const answer = { response: 'Yes', respondedBy: 'boss@example.com' };
const since = '2026-01-31T12:00:00Z';
const route = { metadata: { source_agent: { id: 'a', name: 'A' } }, context: { summary: 'c' } };

/** One call of each of the others, with the options that every one takes. */
export const everyCall: Record<string, Ask> = {
  createPacket: (rail, options) => rail.createPacket(flat, options),
  getPacket: (rail, options) => rail.getPacket('p', {}, options),
  listPackets: (rail, options) => rail.listPackets({}, options),
  searchPackets: (rail, options) => rail.searchPackets('q', {}, options),
  listAwaitingHuman: (rail, options) => rail.listAwaitingHuman({}, options),
  getPacketHistory: (rail, options) => rail.getPacketHistory('p', {}, options),
  getLineage: (rail, options) => rail.getLineage('p', options),
  getStats: (rail, options) => rail.getStats(options),
  getUsage: (rail, options) => rail.getUsage(options),
  getSystemHealth: (rail, options) => rail.getSystemHealth(options),
  listAudit: (rail, options) => rail.listAudit({}, options),
  chainPacket: (rail, options) => rail.chainPacket('p', flat, options),
  updatePacket: (rail, options) => rail.updatePacket('p', {}, options),
  cancelPacket: (rail, options) => rail.cancelPacket('p', {}, options),
  deletePacket: (rail, options) => rail.deletePacket('p', options),
  retryPacket: (rail, options) => rail.retryPacket('p', {}, options),
  respondToHitl: (rail, options) => rail.respondToHitl('p', answer, options),
  listApprovals: (rail, options) => rail.listApprovals({}, options),
  getApproval: (rail, options) => rail.getApproval('a', options),
  respondToApproval: (rail, options) => rail.respondToApproval('a', answer, options),
  createApprovalLink: (rail, options) => rail.createApprovalLink('a', { approver: 'boss' }, options),
  listApprovalLinks: (rail, options) => rail.listApprovalLinks('a', options),
  revokeApprovalLink: (rail, options) => rail.revokeApprovalLink('a', 'l', options),
  claimPacket: (rail, options) => rail.claimPacket('p', { agentId: 'b' }, options),
  claimNext: (rail, options) => rail.claimNext({ agentId: 'b' }, options),
  startPacket: (rail, options) => rail.startPacket('p', {}, options),
  reportProgress: (rail, options) => rail.reportProgress('p', { percent: 1 }, options),
  completePacket: (rail, options) => rail.completePacket('p', {}, options),
  failPacket: (rail, options) => rail.failPacket('p', { reason: 'r' }, options),
  rejectPacket: (rail, options) => rail.rejectPacket('p', { agentId: 'b', reason: 'r' }, options),
  releasePacket: (rail, options) => rail.releasePacket('p', {}, options),
  requestApproval: (rail, options) => rail.requestApproval('p', { hitl: { reason: 'r' } }, options),
  heartbeat: (rail, options) => rail.heartbeat('p', { claimId: 'c' }, options),
  batchCreatePackets: (rail, options) => rail.batchCreatePackets([flat], options),
  batchClaimPackets: (rail, options) => rail.batchClaimPackets(['p'], { agentId: 'b' }, options),
  batchCompletePackets: (rail, options) => rail.batchCompletePackets(['p'], {}, options),
  batchCancelPackets: (rail, options) => rail.batchCancelPackets({ packetIds: ['p'] }, options),
  batchRetryPackets: (rail, options) => rail.batchRetryPackets({ packetIds: ['p'] }, options),
  'agents.register': (rail, options) => rail.agents.register('a', { name: 'A' }, options),
  'agents.get': (rail, options) => rail.agents.get('a', options),
  'agents.list': (rail, options) => rail.agents.list({}, options),
  'agents.remove': (rail, options) => rail.agents.remove('a', options),
  'agents.heartbeat': (rail, options) => rail.agents.heartbeat('a', options),
  'routing.preview': (rail, options) => rail.routing.preview(route, options),
  'routing.edges': (rail, options) => rail.routing.edges(options),
  'routing.setEdges': (rail, options) => rail.routing.setEdges({ edges: null }, options),
  'webhooks.create': (rail, options) => rail.webhooks.create({ url: 'https://example.com' }, options),
  'webhooks.list': (rail, options) => rail.webhooks.list({}, options),
  'webhooks.get': (rail, options) => rail.webhooks.get('h', options),
  'webhooks.update': (rail, options) => rail.webhooks.update('h', {}, options),
  'webhooks.remove': (rail, options) => rail.webhooks.remove('h', options),
  'webhooks.enable': (rail, options) => rail.webhooks.enable('h', options),
  'webhooks.rotateSecret': (rail, options) => rail.webhooks.rotateSecret('h', {}, options),
  'webhooks.test': (rail, options) => rail.webhooks.test('h', options),
  'webhooks.deliveries': (rail, options) => rail.webhooks.deliveries('h', {}, options),
  'webhooks.deadLetters': (rail, options) => rail.webhooks.deadLetters({}, options),
  'webhooks.replay': (rail, options) => rail.webhooks.replay('d', options),
  'webhooks.recover': (rail, options) => rail.webhooks.recover('h', { since }, options),
  'webhooks.replayMissing': (rail, options) => rail.webhooks.replayMissing('h', { since }, options),
  'schemas.register': (rail, options) => rail.schemas.register({ name: 's', jsonSchema: {} }, options),
  'schemas.list': (rail, options) => rail.schemas.list({}, options),
  'schemas.get': (rail, options) => rail.schemas.get('s', options),
  'schemas.remove': (rail, options) => rail.schemas.remove('s', options),
  'keys.create': (rail, options) => rail.keys.create({ name: 'k', role: 'reader' }, options),
  'keys.list': (rail, options) => rail.keys.list({}, options),
  'keys.update': (rail, options) => rail.keys.update('k', {}, options),
  'keys.revoke': (rail, options) => rail.keys.revoke('k', options),
  'keys.rotate': (rail, options) => rail.keys.rotate('k', {}, options),
  'tenants.create': (rail, options) => rail.tenants.create({ name: 't' }, options),
  'tenants.list': (rail, options) => rail.tenants.list({}, options),
  'tenants.get': (rail, options) => rail.tenants.get('t', options),
  'tenants.update': (rail, options) => rail.tenants.update('t', {}, options),
  'tenants.remove': (rail, options) => rail.tenants.remove('t', options),
  'tenants.keys': (rail, options) => rail.tenants.keys('t', {}, options),
};
