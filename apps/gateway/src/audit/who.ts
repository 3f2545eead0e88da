import type { AuditActor } from '#libs/audit';
import type { TenantId } from '#libs/packet';
import { credentialOf } from '../auth/authenticate.js';
import type { ControlData } from '../auth/control-data.js';
import { hashKey, type KeyRecord, prefixOf, principalFrom } from '../auth/key-records.js';
import type { ApiRequest } from '../http/call.js';
import { innerKeyHash } from '../http/inner-requests.js';

/** Who sent a request, as far as that is known. */
export interface Caller {
  tenant: TenantId;
  actor: AuditActor;
}

const scanEveryMs = 200;

const callerOf = (record: KeyRecord): Caller => {
  const { type, agent_id, key_id } = principalFrom(record);
  const actor: AuditActor = { type, id: agent_id ?? key_id, key_id, key_prefix: record.prefix };
  return { tenant: record.tenant_id, actor };
};

/** Finds out who sent a request that was refused, perhaps for its key. */
export class Who {
  #scannedAt = 0;

  constructor(private readonly control: ControlData) {}

  /** The holder of the key that was sent, be it live or not, or whoever knows how such a key begins. */
  of(request: ApiRequest): Caller | undefined {
    const credential = credentialOf(request);
    const hash = innerKeyHash(request) ?? (credential === undefined ? undefined : hashKey(credential));
    const record = hash === undefined ? undefined : this.control.keys.get(hash)?.value;
    return record ? callerOf(record) : this.#byPrefix(prefixOf(credential ?? ''));
  }

  // All keys are looked through, so not for everybody who asks for it.
  #byPrefix(key_prefix: string): Caller | undefined {
    if (!key_prefix.startsWith('hr_') || Date.now() - this.#scannedAt < scanEveryMs) return undefined;
    this.#scannedAt = Date.now();
    const [found] = this.control.findKeys(({ prefix }) => prefix === key_prefix);
    return found && { tenant: found[1].tenant_id, actor: { type: 'unknown', id: 'unknown', key_prefix } };
  }
}
