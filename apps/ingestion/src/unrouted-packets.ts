import { setTimeout as delay } from 'node:timers/promises';
import { type AgentRouter, countRoute } from '#libs/agents';
import { handleCommand, type PacketLog, startSpan, uuidv7 } from '#libs/event-log';
import { type CommandId, railPrincipal, routableAgain, type TenantId } from '#libs/packet';
import {
  checkpoint,
  type ReadSource,
  type UnroutedPacket,
  unroutedPackets,
  unroutedTenants,
} from '#libs/read-models';

export interface UnroutedParts {
  log: PacketLog;
  router: AgentRouter;
  reads: ReadSource;
}

const pageSize = 200;
const atOnce = 16;
/** What was written before an agent came is in the read models within this time, or is looked for again later. */
const patienceMs = 10_000;

/** Waits until the read models hold what is on the log now. */
const caughtUp = async ({ log, reads }: UnroutedParts): Promise<void> => {
  const wanted = await log.lastSequence();
  const end = Date.now() + patienceMs;
  while ((await reads.use(checkpoint)) < wanted && Date.now() < end) await delay(25);
};

/** Routes one packet if it still needs it. Of several copies that try at once, one is not too late. */
const routeOne = async (
  { log, router }: UnroutedParts,
  tenant: TenantId,
  { id }: UnroutedPacket,
): Promise<void> => {
  const { packet } = await log.load(tenant, id);
  if (packet.status !== 'created' || packet.content.metadata.target_agent !== undefined) return;
  const route = await router.decide(tenant, routableAgain(packet));
  if ('unrouted' in route) return;
  const span = startSpan('route', {
    attributes: { 'handoffrail.route.strategy': route.strategy, 'handoffrail.route.target': route.target.id },
  });
  const meta = {
    command_id: uuidv7() as CommandId,
    tenant_id: tenant,
    packet_id: id,
    principal: railPrincipal(tenant),
    traceparent: span.traceparent,
    expected_revision: packet.revision,
  };
  const reply = await handleCommand(log, { type: 'route', meta, data: route });
  span.end(reply.outcome === 'fault' ? reply.detail : undefined);
  if (reply.outcome === 'accepted' && !reply.quiet) countRoute(route);
};

const routePage = async (parts: UnroutedParts, tenant: TenantId, page: UnroutedPacket[]): Promise<void> => {
  const wanted = page.filter(({ source_agent: source, ...packet }) =>
    parts.router.hasTaker(tenant, { source, ...packet }),
  );
  while (wanted.length > 0)
    await Promise.all(wanted.splice(0, atOnce).map((packet) => routeOne(parts, tenant, packet)));
};

/**
 * Routes the tenant's packets that nobody was found for, the oldest first, as far as there is somebody now.
 * @throws LogUnavailable, and what Postgres throws
 */
export const routeUnrouted = async (
  parts: UnroutedParts,
  tenant: TenantId,
  signal: AbortSignal,
): Promise<void> => {
  await caughtUp(parts);
  let after: UnroutedPacket | undefined;
  do {
    const page = await parts.reads.use((source) =>
      unroutedPackets(source, tenant, { after, limit: pageSize }),
    );
    await routePage(parts, tenant, page);
    after = page.length < pageSize ? undefined : page.at(-1);
  } while (after !== undefined && !signal.aborted);
};

/** The tenants that have packets without a target. */
export const tenantsToRoute = ({ reads }: UnroutedParts): Promise<TenantId[]> => reads.use(unroutedTenants);
