import type { CreateLinkBody } from '#libs/contracts';
import { PacketLog } from '#libs/event-log';
import { after, type Approval, instantAt, type Principal, type TenantId } from '#libs/packet';
import type { StoredApproval } from '#libs/read-models';
import { type Config, CONFIG } from '#libs/service-kit';
import { Inject, Injectable } from '@nestjs/common';
import { derivedUuid, newCommandId } from '../http/ids.js';
import type { Repeatable } from '../http/idempotency.js';
import { invalidField, notFound, ProblemError, unavailable } from '../http/problem-error.js';
import { type LinkRecord, LinkRecords, type LinkStatus, statusOf } from './link-records.js';

/** A link as it is shown. */
export type LinkView = Pick<
  LinkRecord,
  'approval_id' | 'approver' | 'created_at' | 'created_by' | 'expires_at' | 'used_at' | 'revoked_at'
> & { link_id: string; status: LinkStatus };

export interface MadeLink {
  view: LinkView;
  /** Null when the request was a repeated one: it is shown once. */
  url: string | null;
}

export interface WantedLink {
  body: CreateLinkBody;
  repeatable: Repeatable | undefined;
  /** The address that the request came to, such as `http://127.0.0.1:8080`. */
  origin: string;
}

const dayInSeconds = 86_400;
const mostListed = 200;

const viewOf = (record: LinkRecord): LinkView => ({
  link_id: record.id,
  approval_id: record.approval_id,
  approver: record.approver,
  status: statusOf(record, Date.now()),
  created_at: record.created_at,
  created_by: record.created_by,
  expires_at: record.expires_at,
  ...(record.used_at && { used_at: record.used_at }),
  ...(record.revoked_at && { revoked_at: record.revoked_at }),
});

const checkMaker = ({ agent_id }: Principal): void => {
  // Whoever makes a link can open it: an agent would approve its own request.
  if (agent_id !== undefined)
    throw new ProblemError(
      'forbidden',
      'Use a key that is bound to no agent: who makes links can vote by them.',
    );
};

/** What the checkpoint calls the approver; undefined: nothing. @throws ProblemError for who cannot vote */
const approverName = (approval: Approval, approver: string): string | undefined => {
  const named = approval.approvers.find(({ id }) => id === approver);
  if (named === undefined && approval.approvers.length > 0)
    throw invalidField('approver', 'not_an_approver', 'Send the id of one of the approvers.');
  if (approver === approval.requested_by)
    throw invalidField('approver', 'requester', 'Whoever asked for the approval cannot give it.');
  return named?.name;
};

const checkOpen = ({ state }: Approval): void => {
  if (state === 'open') return;
  if (state === 'timed_out')
    throw new ProblemError('approval_timed_out', 'The time to answer this checkpoint is over.');
  throw new ProblemError('approval_closed', 'Nothing is asked any more: this checkpoint is over.');
};

/** One-time links by which an approver votes without a key. */
@Injectable()
export class ApprovalLinks {
  constructor(
    @Inject(LinkRecords) private readonly records: LinkRecords,
    @Inject(PacketLog) private readonly log: PacketLog,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  /** @throws ProblemError */
  async make(principal: Principal, stored: StoredApproval, wanted: WantedLink): Promise<MadeLink> {
    const { body, repeatable, origin } = wanted;
    checkMaker(principal);
    const { tenant_id, key_id } = principal;
    const approval = await this.#current(tenant_id, stored);
    const id = repeatable ? derivedUuid(tenant_id, 'link', approval.id, repeatable.key) : newCommandId();
    const before = repeatable && (await this.records.get(approval.id, id));
    if (before) return repeated(before, repeatable);
    checkOpen(approval);
    const name = approverName(approval, body.approver);
    const created_at = instantAt(Date.now());
    const token = this.records.seal.make(approval.id, id);
    const record: LinkRecord = {
      id,
      tenant_id,
      packet_id: stored.packet_id,
      approval_id: approval.id,
      approver: body.approver,
      ...(name !== undefined && { name }),
      digest: token.digest,
      created_at,
      created_by: key_id,
      expires_at: after(created_at, body.expires_in_seconds ?? dayInSeconds),
      ...(repeatable && { request_digest: repeatable.digest }),
    };
    if (await this.records.create(record))
      return { view: viewOf(record), url: this.#urlOf(token.text, origin) };
    throw unavailable('The same request is being answered now: send it again.');
  }

  /** Newest first, without the links themselves. */
  async list(tenant: TenantId, { approval }: StoredApproval): Promise<LinkView[]> {
    const records = await this.records.list(approval.id);
    return records
      .filter(({ tenant_id }) => tenant_id === tenant)
      .sort((a, b) => (a.created_at < b.created_at ? 1 : -1))
      .slice(0, mostListed)
      .map(viewOf);
  }

  /** Ends a link at once; ending it twice, or one that was used, is quiet. @throws ProblemError */
  async revoke(tenant: TenantId, { approval }: StoredApproval, id: string): Promise<void> {
    const record = await this.records.get(approval.id, id);
    if (record === undefined || record.tenant_id !== tenant) throw notFound('link');
    await this.records.mark(record, 'revoked_at', instantAt(Date.now()));
  }

  #urlOf(token: string, origin: string): string {
    return `${this.config.publicUrl ?? origin}/a/${token}`;
  }

  /** As the log has it, if it is still the packet's last one. */
  async #current(tenant: TenantId, { packet_id, approval }: StoredApproval): Promise<Approval> {
    const { packet } = await this.log.load(tenant, packet_id);
    if (packet.status === 'absent') throw notFound('approval');
    if (packet.approval?.id !== approval.id)
      return { ...approval, state: approval.state === 'timed_out' ? 'timed_out' : 'voided' };
    if (packet.status === 'awaiting_human' || packet.approval.state !== 'open') return packet.approval;
    return { ...packet.approval, state: 'voided' };
  }
}

const repeated = (record: LinkRecord, { digest }: Repeatable): MadeLink => {
  if (record.request_digest === digest) return { view: viewOf(record), url: null };
  throw new ProblemError(
    'idempotency_mismatch',
    'This idempotency key was used with another body: use a new key.',
  );
};
