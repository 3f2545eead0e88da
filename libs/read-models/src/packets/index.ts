import type { ReadModel } from '../read-model.js';
import { PacketEntity } from './packet.entity.js';
import { projectPackets } from './project.js';
import { upsertPackets } from './upsert.js';

/** Which packets are there, and what does each look like? */
export const packets = {
  name: 'packets',
  entities: [PacketEntity],
  project: projectPackets,
  upsert: upsertPackets,
} satisfies ReadModel;
