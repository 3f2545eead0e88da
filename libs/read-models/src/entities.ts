import { ApprovalEntity } from './approvals/approval.entity.js';
import { CheckpointEntity } from './checkpoint/checkpoint.entity.js';
import { HistoryEntity } from './history/history.entity.js';
import { PacketEntity } from './packets/packet.entity.js';
import { PacketTagEntity } from './tags/packet-tag.entity.js';
import { SearchCountEntity, SearchEntity } from './search/search.entity.js';
import { ActivityEntity, PacketCountEntity } from './stats/stats.entity.js';

export const entities = [
  CheckpointEntity,
  PacketEntity,
  PacketTagEntity,
  HistoryEntity,
  SearchEntity,
  SearchCountEntity,
  PacketCountEntity,
  ActivityEntity,
  ApprovalEntity,
] as const;
