import { Column, Entity, PrimaryColumn } from 'typeorm';

/** How far the read models are, one row per partition of the log. Written in every batch's transaction. */
@Entity('checkpoints')
export class CheckpointEntity {
  @PrimaryColumn('smallint')
  partition!: number;

  /** The last sequence whose effects are in the tables; 0: none. */
  @Column('bigint')
  position!: string;

  @Column('timestamptz')
  updated_at!: Date;
}
