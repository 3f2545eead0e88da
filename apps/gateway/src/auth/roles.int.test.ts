import { randomUUID } from 'node:crypto';
import type { Principal, Role } from '#libs/packet';
import Fastify from 'fastify';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { apiRoutes } from '../controllers.js';
import { startTestGateway, type TestGateway } from '../gateway.features.js';
import { type HookOptions, installHooks } from '../http/hooks.js';
import { KnownPaths } from '../http/known-paths.js';
import { parameterExamples } from '../openapi/examples.js';
import type { Route } from '../openapi/routes.js';
import { mayUse } from './access.js';

/** What anybody may reach: a route that is added here is open to the world. */
const open = [
  'get /a/{token}',
  'post /a/{token}',
  'post /api/signup',
  'get /asyncapi.json',
  'get /docs',
  'get /docs/{file}',
  'get /health',
  'get /metrics',
  'get /openapi.json',
  'get /ready',
  'get /schemas/packet/v1.json',
];

const roles = ['reader', 'agent', 'writer', 'approver', 'admin'] as const;
const holders = [...roles, 'platform'] as const;
type Holder = (typeof holders)[number];

const routes = apiRoutes();
const guarded = routes.filter(({ access }) => access !== 'public');

/** Nothing has this id: who may use the route is told apart from who may not, and nothing happens. */
const pathOf = ({ path }: Route): string =>
  path.replaceAll(/\{(\w+)\}/g, (_all, name: string) =>
    name === 'id' ? randomUUID() : encodeURIComponent(parameterExamples[name] ?? 'none'),
  );

const principalOf = (holder: Holder): Principal => ({
  tenant_id: 'default' as Principal['tenant_id'],
  key_id: 'k',
  role: holder === 'platform' ? 'admin' : (holder satisfies Role),
  type: 'agent',
  ...(holder === 'platform' && { platform_admin: true }),
});

describe('every route', () => {
  let gateway: TestGateway;
  const keys = new Map<Holder, string>();
  beforeAll(async () => {
    gateway = await startTestGateway();
    keys.set('platform', gateway.key);
    const admin = gateway.client();
    for (const role of roles) keys.set(role, (await admin.post('keys', { name: role, role })).body.key);
  });
  afterAll(() => gateway?.stop());

  /** The status and the code of the problem; an answer that goes on is not waited for. */
  const ask = async (route: Route, key?: string): Promise<{ status: number; code?: string }> => {
    const answer = await fetch(gateway.url + pathOf(route), {
      method: route.method.toUpperCase(),
      redirect: 'manual',
      headers: key === undefined ? {} : { 'x-api-key': key },
    });
    if (answer.ok) {
      await answer.body?.cancel();
      return { status: answer.status };
    }
    return { status: answer.status, code: ((await answer.json()) as { code: string }).code };
  };

  it('is open to the world only where it is meant to be', () => {
    const found = routes.filter(({ access }) => access === 'public');
    expect(found.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([...open].sort());
  });

  it.each(guarded.map((route) => [`${route.method} ${route.path}`, route] as const))(
    '%s is there for the roles that it names, and for nobody else',
    async (_name, route) => {
      expect(await ask(route)).toEqual({ status: 401, code: 'unauthenticated' });
      const { access } = route;
      if (access === 'public') throw new Error('It is guarded.');
      for (const holder of holders) {
        const answer = await ask(route, keys.get(holder));
        if (mayUse(access, principalOf(holder))) expect([401, 403], holder).not.toContain(answer.status);
        else expect(answer, holder).toEqual({ status: 403, code: 'forbidden' });
      }
    },
  );

  it('does not start without a rule who may use it', async () => {
    const instance = Fastify();
    installHooks(instance, { paths: new KnownPaths(), maxBodyBytes: 1_024 } as HookOptions);
    instance.get('/guarded', { config: { access: 'admin' } }, () => 'ok');
    await expect(async () => {
      instance.get('/unguarded', () => 'ok');
      await instance.ready();
    }).rejects.toThrow('The route GET /unguarded has no @Operation.');
  });
});
