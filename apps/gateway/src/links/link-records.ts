import { randomBytes } from 'node:crypto';
import { buckets } from '#libs/contracts';
import { FirstWrites, Records } from '#libs/event-log';
import type { Instant, PacketId, TenantId } from '#libs/packet';
import { type Runtime } from '#libs/service-kit';
import { TokenSeal } from './link-token.js';

/** A link as it is stored; of its token only the digest. */
export interface LinkRecord {
  id: string;
  tenant_id: TenantId;
  packet_id: PacketId;
  approval_id: string;
  /** Who votes by it. */
  approver: string;
  /** What the approver is called, where the checkpoint says so. */
  name?: string;
  digest: string;
  created_at: Instant;
  /** Id of the key that made it. */
  created_by: string;
  expires_at: Instant;
  used_at?: Instant;
  revoked_at?: Instant;
  /** Digest of the request that made it, when that had an idempotency key. */
  request_digest?: string;
}

export type LinkStatus = 'open' | 'used' | 'expired' | 'revoked';

export const statusOf = ({ used_at, revoked_at, expires_at }: LinkRecord, now: number): LinkStatus => {
  if (used_at !== undefined) return 'used';
  if (revoked_at !== undefined) return 'revoked';
  return Date.parse(expires_at) <= now ? 'expired' : 'open';
};

/** By what the votes of a link are told from those of keys. */
export const keyOf = ({ id }: LinkRecord): string => `link:${id}`;

const tries = 5;

/** The links that were made, and the seal of their tokens. */
export class LinkRecords {
  private constructor(
    private readonly records: Records<LinkRecord>,
    readonly seal: TokenSeal,
  ) {}

  /** The buckets must be provisioned. Without a secret in the configuration the deployment has one of its own. */
  static async open({ nats, config }: Pick<Runtime, 'nats' | 'config'>): Promise<LinkRecords> {
    const secrets = await FirstWrites.open<string>(nats, buckets.secrets);
    const makeSecret = () => Promise.resolve(randomBytes(32).toString('base64url'));
    const secret = config.linkSecret ?? (await secrets.keep('approval-links', makeSecret));
    return new LinkRecords(await Records.open(nats, buckets.approvalLinks), new TokenSeal(secret));
  }

  async get(approvalId: string, id: string): Promise<LinkRecord | undefined> {
    return (await this.records.get(`${approvalId}.${id}`))?.value;
  }

  /** False: there is one of this id. */
  create(record: LinkRecord): Promise<boolean> {
    return this.records.create(`${record.approval_id}.${record.id}`, record);
  }

  list(approvalId: string): Promise<LinkRecord[]> {
    return this.records.list(`${approvalId}.*`);
  }

  /** Writes down what has become of a link; what is written stays. */
  async mark({ approval_id, id }: LinkRecord, what: 'used_at' | 'revoked_at', at: Instant): Promise<void> {
    for (let round = 0; round < tries; round += 1) {
      const entry = await this.records.get(`${approval_id}.${id}`);
      if (entry === undefined || entry.value[what] !== undefined) return;
      const marked = { ...entry.value, [what]: at };
      if (await this.records.update(`${approval_id}.${id}`, marked, entry.revision)) return;
    }
  }
}
