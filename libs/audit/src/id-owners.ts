import { buckets, streams } from '#libs/contracts';
import { Mailbox } from '#libs/event-log';
import type { TenantId } from '#libs/packet';
import type { NatsConnection } from '@nats-io/nats-core';

const timeoutMs = 2_000;
const uuid = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const bucket = (name: string) => ({ stream: `KV_${name}`, prefix: `$KV.${name}` });

/** Where the things of each kind are, under `<prefix>.<tenant>.<id>`. */
const places = {
  packets: { stream: streams.packets, prefix: 'hr.packets' },
  hooks: bucket(buckets.hooks),
  schemas: bucket(buckets.schemas),
} as const;

/** What may be looked for. */
export type OwnedKind = keyof typeof places;

/** Tells of an id that a tenant has asked for in vain whether it is another's: from the server's index of subjects. */
export class IdOwners {
  readonly #mailbox: Mailbox;

  constructor(nats: NatsConnection) {
    this.#mailbox = new Mailbox(nats, timeoutMs, () => undefined);
  }

  /** Whether another tenant has something of this id; false, too, when that is not to be found out now. */
  async isForeign(kind: OwnedKind, id: string, tenant: TenantId): Promise<boolean> {
    const key = id.toLowerCase();
    if (!uuid.test(key)) return false;
    const subjects = await this.#subjectsOf(kind, key).catch((): string[] => []);
    const own = `${places[kind].prefix}.${tenant}.${key}`;
    return subjects.length > 0 && !subjects.includes(own);
  }

  close(): void {
    this.#mailbox.close();
  }

  async #subjectsOf(kind: OwnedKind, id: string): Promise<string[]> {
    const { stream, prefix } = places[kind];
    const subjects: string[] = [];
    const payload = JSON.stringify({ multi_last: [`${prefix}.*.${id}`], batch: 4 });
    await this.#mailbox.askMany({ subject: `$JS.API.DIRECT.GET.${stream}`, payload }, ({ headers }) => {
      const subject = headers?.get('Nats-Subject') ?? '';
      if (subject !== '') subjects.push(subject);
      // Anything else is the end, or that there is nothing.
      return subject === '';
    });
    return subjects;
  }
}
