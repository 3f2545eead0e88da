import { jsonRows } from '../json-rows.js';
import type { ReadModel } from '../read-model.js';
import { PacketEntity } from './packet.entity.js';
import { projectPackets, type PacketRow } from './project.js';
import { upsertPackets } from './upsert.js';

/** Which packets are there, and what does each look like? */
export const packets: ReadModel<PacketRow> = {
  name: 'packets',
  entities: [PacketEntity],
  project: projectPackets,
  write: (rows, schema) => [{ name: 'packets', text: upsertPackets(schema), values: [jsonRows(rows)] }],
};
