import { hash } from 'node:crypto';
import type { TenantId } from '#libs/packet';
import type { TenantRecord } from '#libs/tenants';
import { untilWritten } from './admin-keys.js';
import type { ControlData } from './control-data.js';

// Names differ by more than case and spaces around them.
const nameKey = (name: string): string => `name.${hash('sha256', name.trim().toLowerCase(), 'hex')}`;

/** Who has which name: each is an entry of its own, so that no two living tenants have the same. */
export class TenantNames {
  constructor(private readonly data: ControlData) {}

  /** Takes a name for a tenant. False: it is another's. @throws ProblemError */
  async take(name: string, id: TenantId): Promise<boolean> {
    const { tenants } = this.data;
    const key = nameKey(name);
    return untilWritten(async () => {
      if ((await tenants.create(key, { tenant_id: id })) !== null) return true;
      await tenants.caughtUp();
      const entry = tenants.get(key);
      // It may have become free while we looked.
      if (entry === undefined || !('tenant_id' in entry.value)) return null;
      const { tenant_id: holder } = entry.value;
      if (holder === id) return true;
      // The one that deletes a tenant may not have lived to let go of its name.
      if (this.data.tenant(holder)?.value.deleted_at === undefined) return false;
      return (await tenants.update(key, { tenant_id: id }, entry.revision)) === null ? null : true;
    });
  }

  /** Lets go of the name that a tenant had, unless it has it still. */
  async leave(name: string, { id, name: kept, deleted_at }: TenantRecord): Promise<void> {
    const key = nameKey(name);
    if (deleted_at === undefined && nameKey(kept) === key) return;
    const entry = this.data.tenants.get(key);
    if (entry === undefined || !('tenant_id' in entry.value) || entry.value.tenant_id !== id) return;
    await this.data.tenants.delete(key, entry.revision);
  }
}
