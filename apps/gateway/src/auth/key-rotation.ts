import type { RotateKeyBody } from '#libs/contracts';
import { type Instant, instantAt, type Principal } from '#libs/packet';
import { Inject, Injectable } from '@nestjs/common';
import type { Repeatable } from '../http/idempotency.js';
import { derivedUuid, newCommandId } from '../http/ids.js';
import { ProblemError } from '../http/problem-error.js';
import { releaseAdmin, untilWritten } from './admin-keys.js';
import { ControlData } from './control-data.js';
import { hashKey, isLive, type KeyRecord } from './key-records.js';
import { checkManages, Keys, type MadeKey, repeatedKey } from './keys.js';

/** By whom a rotation is wanted. */
interface Wanted {
  principal: Principal;
  repeatable: Repeatable | undefined;
}

interface Rotation {
  /** Digest of the key that is replaced. */
  hash: string;
  /** Id of the new one. */
  by: string;
  graceSeconds: number;
}

const notCurrent = (): ProblemError =>
  new ProblemError(
    'key_not_current',
    'Rotate a live key that nothing has replaced yet: list the keys to find it.',
  );

const earlier = (a: Instant | undefined, b: Instant): Instant => (a !== undefined && a < b ? a : b);

/** The old key as the rotation leaves it: over, or over after the grace. */
const replaced = (record: KeyRecord, { by, graceSeconds }: Rotation): KeyRecord => {
  const until = instantAt(Date.now() + graceSeconds * 1_000);
  if (record.revoked_at !== undefined) return { ...record, replaced_by: by };
  if (graceSeconds === 0) return { ...record, replaced_by: by, revoked_at: until };
  return { ...record, replaced_by: by, expires_at: earlier(record.expires_at, until) };
};

/** What the new key takes over from the one that it replaces. */
const inherited = (record: KeyRecord): Omit<KeyRecord, 'id' | 'prefix' | 'created_at' | 'created_by'> => {
  const { tenant_id, name, role, agent_id, channels, platform_admin, expires_at } = record;
  return {
    ...{ tenant_id, name, role, replaces: record.id },
    ...(agent_id !== undefined && { agent_id }),
    ...(channels !== undefined && { channels }),
    ...(platform_admin && { platform_admin }),
    ...(expires_at !== undefined && { expires_at }),
  };
};

/** Replaces keys by new ones that may do the same. */
@Injectable()
export class KeyRotation {
  constructor(
    @Inject(ControlData) private readonly data: ControlData,
    @Inject(Keys) private readonly keys: Keys,
  ) {}

  /** @throws ProblemError */
  async rotate(id: string, body: RotateKeyBody, { principal, repeatable }: Wanted): Promise<MadeKey> {
    const [hash, record] = this.keys.find(principal.tenant_id, id);
    checkManages(principal, record);
    const by = repeatable ? derivedUuid(record.tenant_id, 'rotate', id, repeatable.key) : newCommandId();
    const rotation = { hash, by, graceSeconds: body.grace_seconds ?? 0 };
    const before = repeatable && this.data.findKeys((other) => other.id === by)[0]?.[1];
    if (!before) return this.#make(record, { rotation, principal, repeatable });
    const answer = repeatedKey(before, repeatable.digest);
    await this.#replace(rotation);
    await this.#endGraceBefore(record);
    return answer;
  }

  async #make(
    record: KeyRecord,
    { rotation, principal, repeatable }: Wanted & { rotation: Rotation },
  ): Promise<MadeKey> {
    if (record.replaced_by !== undefined || !isLive(record, new Date())) throw notCurrent();
    const made = await this.keys.make({
      ...inherited(record),
      id: rotation.by,
      created_by: principal.key_id,
      ...(repeatable && { request_digest: repeatable.digest }),
    });
    if (!(await this.#replace(rotation))) {
      await this.#takeBack(made);
      throw notCurrent();
    }
    await this.#endGraceBefore(record);
    return made;
  }

  /** Of a key that is rotated again and again only two work at a time. */
  async #endGraceBefore({ replaces, tenant_id }: KeyRecord): Promise<void> {
    const before = this.data.findKeys((other) => other.id === replaces && other.tenant_id === tenant_id);
    for (const [hash, record] of before) if (isLive(record, new Date())) await this.keys.end(hash);
  }

  // The new key is there before the old one ends: a crash between leaves one too many, never none. Who revokes the
  // old one meanwhile has come after the rotation: the new key stays.
  #replace(rotation: Rotation): Promise<boolean> {
    return untilWritten(async () => {
      const entry = this.data.keys.get(rotation.hash);
      if (!entry) return false;
      const { replaced_by } = entry.value;
      if (replaced_by !== undefined) return replaced_by === rotation.by;
      await releaseAdmin(this.data, entry.value);
      const written = await this.data.keys.update(
        rotation.hash,
        replaced(entry.value, rotation),
        entry.revision,
      );
      return written === null ? null : true;
    });
  }

  async #takeBack({ record, key }: MadeKey): Promise<void> {
    await releaseAdmin(this.data, record);
    if (key !== undefined) await this.keys.end(hashKey(key));
  }
}
