export { AgentCapabilityRegistry, type CapableAgent } from './agent-capability-registry.js';
export type { StoredAgent, StoredPacket } from './contents.js';
export type { Handoff, HandoffStatus, HandoffVerb } from './handoff.js';
export { HandoffManager, type NewHandoff } from './handoff-manager.js';
export { HandoffRouter, type WorkToRoute } from './handoff-router.js';
export { LocalRail, type LocalRailOptions, type RailSource } from './local-rail.js';
export { StoreError } from './store-error.js';
export type { Imported, LocalExport } from './transfer.js';
