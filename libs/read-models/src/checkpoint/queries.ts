import type { DataSource } from 'typeorm';
import { CheckpointEntity } from './checkpoint.entity.js';

/** The log has one partition today; the position token and this table have room for more. */
export const partition = 0;

/** The log sequence up to which the read models hold every event; 0 when they are empty. */
export const checkpoint = async (dataSource: DataSource): Promise<number> => {
  const row = await dataSource.getRepository(CheckpointEntity).findOneBy({ partition });
  return row === null ? 0 : Number(row.position);
};
