import type { Route, Unrouted } from '#libs/packet';
import { Counter, Gauge } from 'prom-client';

/** What a registry tells about itself. */
interface Measured {
  count(): { registered: number; present: number; tenants: number };
}

const registries = new Set<Measured>();

const gauge = (name: string, help: string, of: keyof ReturnType<Measured['count']>): void => {
  new Gauge({
    name,
    help,
    collect() {
      // Registries of one process hold the same: the first tells it all.
      const [first] = registries;
      this.set(first?.count()[of] ?? 0);
    },
  });
};

gauge('handoffrail_agents_registered', 'Agents registered, of all tenants.', 'registered');
gauge('handoffrail_agents_present', 'Registered agents that are there now.', 'present');
gauge('handoffrail_agents_tenants', 'Tenants that have registered agents.', 'tenants');

/** Shows a registry in the metrics until the returned function is called. */
export const watchRegistry = (registry: Measured): (() => void) => {
  registries.add(registry);
  return () => void registries.delete(registry);
};

const routed = new Counter({
  name: 'handoffrail_routed_total',
  help: 'Decisions of the router, by what found the target; `unrouted` when there was nobody.',
  labelNames: ['strategy'],
});

/** Counts a decision that is carried out. Its strategy is one of the router's few words. */
export const countRoute = (decision: Route | Unrouted): void =>
  routed.inc({ strategy: 'unrouted' in decision ? 'unrouted' : decision.strategy });
