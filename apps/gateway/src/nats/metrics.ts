import { Counter } from 'prom-client';

const connects = new Counter({
  name: 'handoffrail_agent_connects_total',
  help: 'Connections of agents to NATS that were asked for.',
  labelNames: ['result'],
});

const ended = new Counter({
  name: 'handoffrail_agent_connections_ended_total',
  help: 'Connections of agents to NATS that were ended because their key is.',
});

const requests = new Counter({
  name: 'handoffrail_agent_requests_total',
  help: 'Requests of agents over NATS that were answered.',
  labelNames: ['operation', 'status'],
});

/** `result`: allowed, or the code of the problem. */
export const countConnect = (result: string): void => connects.inc({ result });
export const countEnded = (): void => ended.inc();
export const countAgentRequest = (operation: string, status: number): void =>
  requests.inc({ operation, status });
