import { PacketLog } from '#libs/event-log';
import { type ApprovalState, type AwaitingPacket, type ExistingPacket } from '#libs/packet';
import { approvalById } from '#libs/read-models';
import { Inject, Injectable } from '@nestjs/common';
import { ControlData } from '../auth/control-data.js';
import { ReadDatabase } from '../reads/read-database.js';
import { keyOf, type LinkRecord, LinkRecords, statusOf } from './link-records.js';
import type { Ending, EndingKind } from './notices.js';

/** A link that leads to something to decide. */
export interface OpenVisit {
  packet: AwaitingPacket;
  link: LinkRecord;
}

/** What a link leads to: something to decide, or why there is nothing. */
export type Visit = OpenVisit | { ending: Ending };

const ended = (kind: EndingKind, at?: string): { ending: Ending } => ({ ending: { kind, at } });

const endOfLink = (link: LinkRecord): Visit | null => {
  const status = statusOf(link, Date.now());
  if (status === 'open') return null;
  return ended(status, status === 'used' ? link.used_at : link.expires_at);
};

/** Links as those who open them meet them. */
@Injectable()
export class LinkVisits {
  // eslint-disable-next-line max-params -- each of them may be where a link ends
  constructor(
    @Inject(LinkRecords) private readonly records: LinkRecords,
    @Inject(PacketLog) private readonly log: PacketLog,
    @Inject(ReadDatabase) private readonly database: ReadDatabase,
    @Inject(ControlData) private readonly control: ControlData,
  ) {}

  /** Where the link of this token leads; changes nothing. */
  async open(text: string): Promise<Visit> {
    const token = this.records.seal.read(text);
    if (token === null) return ended('unknown');
    const link = await this.records.get(token.approval_id, token.link_id);
    // It was made here once, so its record has gone with its age.
    if (link === undefined) return ended('expired');
    return link.digest === token.digest ? this.#follow(link) : ended('unknown');
  }

  async #follow(link: LinkRecord): Promise<Visit> {
    const end = endOfLink(link);
    if (end !== null) return end;
    if (!this.control.livingTenant(link.tenant_id)) return ended('missing');
    const { packet } = await this.log.load(link.tenant_id, link.packet_id);
    return packet.status === 'absent' ? ended('missing') : this.#meet(link, packet);
  }

  async #meet(link: LinkRecord, packet: ExistingPacket): Promise<Visit> {
    const { approval } = packet;
    if (approval?.id !== link.approval_id) return ended(await this.#earlierEnd(link));
    // The vote is on the log, even if the link could not be marked.
    if (approval.votes.some(({ key_id }) => key_id === keyOf(link))) return ended('used');
    if (approval.state !== 'open') return ended(approval.state);
    return packet.status === 'awaiting_human' ? { packet, link } : ended('closed');
  }

  /** What became of a checkpoint that another one has followed. */
  async #earlierEnd({ tenant_id, approval_id }: LinkRecord): Promise<EndingKind> {
    const stored = await this.database
      .use((source) => approvalById(source, tenant_id, approval_id))
      .catch(() => undefined);
    const state: ApprovalState = stored?.approval.state ?? 'open';
    // Where the read models are away or behind, it is most likely the content that has changed.
    return state === 'open' ? 'voided' : state;
  }
}
