import type { Approval } from '#libs/packet';
import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One checkpoint of a packet, open or ended, as the inbox filters and sorts it. */
@Entity('approvals')
export class ApprovalEntity {
  @PrimaryColumn('text')
  tenant_id!: string;

  @PrimaryColumn({ type: 'text', collation: 'C' })
  id!: string;

  @Column('uuid')
  packet_id!: string;

  @Column('text')
  state!: string;

  /** Who may answer, each behind tenant and state (`inboxOf`). */
  @Column('text', { array: true })
  inboxes!: string[];

  @Column('timestamptz')
  requested_at!: Date;

  /** When its time to answer, or to the next step, is over; `infinity`: never. */
  @Column('timestamptz')
  due_at!: Date;

  @Column('json')
  approval!: Approval;
}
