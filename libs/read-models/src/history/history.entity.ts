import { Column, Entity, PrimaryColumn } from 'typeorm';

/** One event of a packet's audit trail. */
@Entity('packet_history')
export class HistoryEntity {
  @PrimaryColumn('text')
  tenant_id!: string;

  @PrimaryColumn('uuid')
  packet_id!: string;

  @PrimaryColumn('integer')
  revision!: number;

  @Column('uuid')
  id!: string;

  @Column('text')
  event_type!: string;

  @Column('json')
  actor!: object;

  @Column('json')
  details!: object;

  @Column('timestamptz')
  timestamp!: Date;

  @Column('text')
  trace_id!: string;
}
