import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * One packet as lists filter and sort it, and its folded state in two halves: `head` changes with every
 * event, `body` (the large content) only with updates, and is stored out of line so that a change of status
 * does not write it again.
 */
@Entity('packets')
export class PacketEntity {
  @PrimaryColumn('text')
  tenant_id!: string;

  @PrimaryColumn('uuid')
  id!: string;

  @Column('text')
  status!: string;

  @Column('text')
  source_agent!: string;

  @Column('text', { nullable: true })
  target_agent!: string | null;

  /** The agent of the running or last claim. */
  @Column('text', { nullable: true })
  claimed_by!: string | null;

  @Column('smallint')
  priority_level!: number;

  @Column('text', { array: true })
  tags!: string[];

  @Column('timestamptz', { nullable: true })
  deadline!: Date | null;

  @Column('boolean')
  hitl_required!: boolean;

  @Column('boolean')
  dead_letter!: boolean;

  @Column('uuid', { nullable: true })
  parent_packet_id!: string | null;

  @Column('uuid')
  root_id!: string;

  @Column('integer')
  depth!: number;

  /** The first 500 characters of `context.summary`. */
  @Column('text')
  summary!: string;

  @Column('timestamptz')
  created_at!: Date;

  @Column('timestamptz')
  updated_at!: Date;

  /** Not offered before. */
  @Column('timestamptz', { nullable: true })
  available_at!: Date | null;

  /** Who may take it when asking for work (`Offer.pool`); null while it is not offered. */
  @Column({ type: 'text', nullable: true, collation: 'C' })
  pool!: string | null;

  /** Since when it waits for somebody to take it; ahead of now while it is put off. */
  @Column('timestamptz', { nullable: true })
  offered_at!: Date | null;

  /** Agents that do not get it; null: none. */
  @Column('text', { array: true, nullable: true })
  not_for!: string[] | null;

  /** The registered schema that its context had to satisfy. */
  @Column('text', { nullable: true })
  schema_id!: string | null;

  @Column('timestamptz', { nullable: true })
  expires_at!: Date | null;

  @Column('timestamptz', { nullable: true })
  claimed_at!: Date | null;

  @Column('timestamptz', { nullable: true })
  completed_at!: Date | null;

  @Column('integer')
  revision!: number;

  /** Log sequence of the last event. */
  @Column('bigint')
  position!: string;

  @Column('json')
  head!: object;

  /** Null only in a row on its way to the table: a proposed row without a body keeps the stored one. */
  @Column('json', { nullable: true })
  body!: object | null;
}
