import type { PacketStatus } from './document.js';
import type { Instant, PacketId } from './ids.js';

/** One packet of a chain. */
export interface LineageNode {
  id: PacketId;
  parent_packet_id: PacketId | null;
  status: PacketStatus;
  /** The first 500 characters. */
  summary: string;
  depth: number;
  source_agent: string;
  target_agent: string | null;
  created_at: Instant;
}

export interface LineageTree extends LineageNode {
  children: LineageTree[];
}

export interface Lineage {
  packet_id: PacketId;
  root_id: PacketId;
  /** The whole chain. */
  root: LineageTree;
  /** From the root down to the parent. */
  ancestors: LineageNode[];
  /** All packets below this one, level by level. */
  descendants: LineageNode[];
  /** The chain has more packets than are shown; the packet and its ancestors are always there. */
  truncated: boolean;
}

const nodeOf = ({ children: _children, ...node }: LineageTree): LineageNode => node;

/** The way from a packet to the root, the packet first. */
const pathOf = (trees: ReadonlyMap<PacketId, LineageTree>, packet: LineageTree): LineageTree[] => {
  const path: LineageTree[] = [];
  let next: LineageTree | undefined = packet;
  while (next !== undefined && !path.includes(next)) {
    path.push(next);
    next = next.parent_packet_id === null ? undefined : trees.get(next.parent_packet_id);
  }
  return path;
};

/** Everything under a packet, level by level. */
const below = (tree: LineageTree): LineageNode[] => {
  const found = [...tree.children];
  for (const child of found) found.push(...child.children);
  return found.map(nodeOf);
};

const plant = (rows: readonly LineageNode[]): Map<PacketId, LineageTree> => {
  const trees = new Map(rows.map((node) => [node.id, { ...node, children: [] as LineageTree[] }]));
  for (const tree of trees.values()) {
    if (tree.parent_packet_id !== null) trees.get(tree.parent_packet_id)?.children.push(tree);
  }
  return trees;
};

/** The tree that these packets form, and this packet's place in it. Null when it is not among them. */
export const lineageOf = (
  packet: PacketId,
  rows: readonly LineageNode[],
  truncated = false,
): Lineage | null => {
  const trees = plant(rows);
  const own = trees.get(packet);
  if (own === undefined) return null;
  const [, ...ancestors] = pathOf(trees, own);
  const root = ancestors.at(-1) ?? own;
  return {
    packet_id: packet,
    root_id: root.id,
    root,
    ancestors: ancestors.map(nodeOf).reverse(),
    descendants: below(own),
    truncated,
  };
};
