import type { ChangeKeyBody } from '#libs/contracts';
import { instantAt, type Principal } from '#libs/packet';
import { Inject, Injectable } from '@nestjs/common';
import { invalidField, ProblemError } from '../http/problem-error.js';
import { given } from '../packets/simple-commands.js';
import { countAdmin, releaseAdmin, untilWritten } from './admin-keys.js';
import { ControlData } from './control-data.js';
import { isLive, type KeyRecord } from './key-records.js';
import { checkChannels, checkManages, Keys } from './keys.js';

type StoredKey = NonNullable<ReturnType<ControlData['keys']['get']>>;

/** A change as it was asked for; `value` is the body as it came, for the nulls in it. */
export interface KeyChange {
  body: ChangeKeyBody;
  value: unknown;
}

const clearable = ['channels', 'expires_at'] as const;

const notLive = (): ProblemError =>
  new ProblemError('key_not_current', 'Change a live key that nothing has replaced: this one is over.');

const check = ({ channels, expires_at }: ChangeKeyBody): void => {
  if (channels) checkChannels(channels);
  if (expires_at && Date.parse(expires_at) <= Date.now())
    throw invalidField('expires_at', 'past', 'Send a time to come; to end a key now, revoke it.');
};

const changed = (record: KeyRecord, { body, value }: KeyChange): KeyRecord => {
  const next = {
    ...record,
    ...given(body, 'name', 'role', 'channels'),
    ...(body.expires_at && { expires_at: instantAt(Date.parse(body.expires_at)) }),
  };
  for (const field of clearable) if ((value as Record<string, unknown>)[field] === null) delete next[field];
  return next;
};

const endOf = ({ expires_at }: KeyRecord): number =>
  expires_at === undefined ? Number.POSITIVE_INFINITY : Date.parse(expires_at);

/** Whether an admin can rely on it less than before. */
const losesAdmin = (before: KeyRecord, after: KeyRecord): boolean =>
  before.role === 'admin' && (after.role !== 'admin' || endOf(after) < endOf(before));

const gainsAdmin = (before: KeyRecord, after: KeyRecord): boolean =>
  after.role === 'admin' && (before.role !== 'admin' || endOf(after) > endOf(before));

/** Changes keys while they work. */
@Injectable()
export class KeyChanges {
  constructor(
    @Inject(ControlData) private readonly data: ControlData,
    @Inject(Keys) private readonly keys: Keys,
  ) {}

  /** @throws ProblemError */
  async change(principal: Principal, id: string, change: KeyChange): Promise<KeyRecord> {
    const [hash, record] = this.keys.find(principal.tenant_id, id);
    checkManages(principal, record);
    check(change.body);
    if (record.platform_admin && change.body.role && change.body.role !== 'admin')
      throw new ProblemError('forbidden', 'Revoke this key instead: a platform admin is always an admin.');
    return untilWritten(() => this.#attempt(hash, change));
  }

  async #attempt(hash: string, change: KeyChange): Promise<KeyRecord | null> {
    const entry = this.data.keys.get(hash);
    if (!entry || !isCurrent(entry)) throw notLive();
    const next = changed(entry.value, change);
    // The list of those of which one always stays is right before the key is: who loses a right leaves it first.
    if (losesAdmin(entry.value, next)) await releaseAdmin(this.data, entry.value);
    if (gainsAdmin(entry.value, next)) await countAdmin(this.data, next);
    return (await this.#write(hash, entry, next)) === null ? null : next;
  }

  /** A key that was to end and does not counts for longer: nobody may take its place meanwhile. */
  async #write(hash: string, entry: StoredKey, next: KeyRecord): Promise<unknown> {
    const { tenant_id } = next;
    const { revision } = entry;
    const isLonger = endOf(next) > endOf(entry.value);
    if (!isLonger || this.data.limits(tenant_id).keys === null)
      return this.data.keys.update(hash, next, revision);
    return this.data.keys.writeGuarded(tenant_id, () => {
      const held = this.data.keys.get(hash);
      if (held?.revision !== revision) return null;
      if (!isCurrent(held)) throw notLive();
      return { key: hash, value: next, revision };
    });
  }
}

const isCurrent = ({ value }: StoredKey): boolean =>
  value.replaced_by === undefined && isLive(value, new Date());
