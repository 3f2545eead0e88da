import { agentOperations } from '#libs/contracts';
import { describe, expect, it } from 'vitest';
import { apiRoutes } from '../controllers.js';

const pattern = (path: string): string => path.replaceAll(/\{\w+\}/g, ':id');

/** What has no place on NATS: whole batches, what people and admins manage, and what is for browsers. */
const elsewhere = [/batch/, /keys|tenants|signup/, /webhooks|hooks|deliveries/, /events|ws|docs|openapi/];

describe('the operations of agents', () => {
  const routes = apiRoutes().map(({ method, path, access }) => ({
    access,
    route: `${method.toUpperCase()} ${pattern(path)}`,
  }));

  it.each(Object.entries(agentOperations))('%s is a route of the HTTP API', (_name, { method, path }) => {
    expect(routes.map(({ route }) => route)).toContain(`${method} ${path}`);
  });

  it('hold every route that an agent works on packets with', () => {
    const known = Object.values(agentOperations).map(({ method, path }) => `${method} ${path}`);
    const work = routes
      .filter(({ access }) => access === 'agent')
      .map(({ route }) => route)
      .filter((route) => !elsewhere.some((other) => other.test(route)));
    expect(work.filter((route) => !known.includes(route))).toEqual([]);
  });
});
