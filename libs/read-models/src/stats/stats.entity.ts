import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How many packets of a tenant stand in a status. `dead_letter` counts beside `failed`. */
@Entity('packet_counts')
export class PacketCountEntity {
  @PrimaryColumn('text')
  tenant_id!: string;

  @PrimaryColumn('text')
  status!: string;

  @Column('bigint')
  packets!: string;
}

/** What a tenant's packets did in one hour: a count per kind, and for durations a histogram (`bin`). */
@Entity('packet_activity')
export class ActivityEntity {
  @PrimaryColumn('text')
  tenant_id!: string;

  @PrimaryColumn('timestamptz')
  hour!: Date;

  @PrimaryColumn('text')
  kind!: string;

  @PrimaryColumn('smallint')
  bin!: number;

  @Column('bigint')
  events!: string;

  @Column('bigint')
  total_ms!: string;
}
