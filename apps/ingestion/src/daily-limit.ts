import type { CommandRequest } from '#libs/contracts';
import type { TenantRegistry } from '#libs/tenants';

/**
 * The command with the number of packets that its tenant may make in a day, if that is limited; what is written is
 * counted by it. @throws LogUnavailable
 */
export const withDailyLimit = async <T extends CommandRequest>(
  tenants: TenantRegistry,
  request: T,
): Promise<T> => {
  const { tenant_id } = request.meta;
  // A tenant that was made a moment ago may make its first packet before this process has heard of it.
  if (tenants.entry(tenant_id) === undefined) await tenants.records.caughtUp();
  const { packets_per_day } = tenants.limits(tenant_id);
  return packets_per_day === null ? request : { ...request, meta: { ...request.meta, packets_per_day } };
};
