import { Entity, PrimaryColumn } from 'typeorm';

/** One tag of one packet, in the order of its list: a tag is walked newest first without a sort. */
@Entity('packet_tags')
export class PacketTagEntity {
  @PrimaryColumn('text')
  tenant_id!: string;

  @PrimaryColumn('text')
  tag!: string;

  @PrimaryColumn('timestamptz')
  created_at!: Date;

  @PrimaryColumn('uuid')
  packet_id!: string;
}
