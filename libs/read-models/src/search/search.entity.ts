import { Column, Entity, PrimaryColumn } from 'typeorm';

/**
 * The words of one packet. Its text is not kept twice: highlights are cut from the packet's document.
 * `words` also holds the lexeme `<tenant> <segment>`, so that one index lookup stays inside a tenant and a
 * bounded share of its packets.
 */
@Entity('packet_search')
export class SearchEntity {
  @PrimaryColumn('text')
  tenant_id!: string;

  @PrimaryColumn('uuid')
  packet_id!: string;

  /** Counts up with the tenant's packets, a fixed number in each. */
  @Column('integer')
  segment!: number;

  @Column('tsvector')
  words!: string;
}

/** How many packets of a tenant are indexed; says how many segments there are. */
@Entity('search_counts')
export class SearchCountEntity {
  @PrimaryColumn('text')
  tenant_id!: string;

  @Column('bigint')
  packets!: string;
}
