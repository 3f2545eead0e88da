export { AgentRegistry } from './agent-registry.js';
export type { AgentFilter, AgentRegistryOptions, RegistryLogger } from './agent-registry.js';
export { AgentRouter, routableAgain, routableOf } from './agent-router.js';
export type { AgentRouterParts, Routable } from './agent-router.js';
export type { AgentChange, AgentFacts, AgentRecord, Presence } from './agent.js';
export { Edges } from './edges.js';
export type { Edge, TenantEdges } from './edges.js';
export type { LoadFigures, ReadLoads } from './load-figures.js';
export { routeWith } from './route-with.js';
