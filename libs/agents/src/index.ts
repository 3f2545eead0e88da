export { AgentRegistry } from './agent-registry.js';
export type { AgentFilter, AgentRegistryOptions, RegistryLogger } from './agent-registry.js';
export type { AgentChange, AgentFacts, AgentRecord, Presence } from './agent.js';
export { Edges } from './edges.js';
export type { Edge, TenantEdges } from './edges.js';
