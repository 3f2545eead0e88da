import type { LineageDocument, LineageTreeDocument } from '#libs/sdk';
import { paintStatus } from './paint.js';
import { oneLine, shortened } from './plain.js';
import type { Look, Shape } from './shape.js';

const lineOf = (node: LineageTreeDocument, asked: string, { paint }: Look): string => {
  const id = node.id === asked ? paint.bold(node.id) : node.id;
  const agents = `${node.source_agent} → ${node.target_agent ?? '?'}`;
  return [
    id,
    paintStatus(node.status, paint),
    paint.dim(oneLine(agents)),
    shortened(oneLine(node.summary), 60),
  ].join('  ');
};

const treeOf = (node: LineageTreeDocument, asked: string, look: Look): string[] => {
  const last = node.children.length - 1;
  const branches = node.children.flatMap((child, at) => {
    const [first = '', ...rest] = treeOf(child, asked, look);
    const [fork, beside] = at === last ? ['└─ ', '   '] : ['├─ ', '│  '];
    return [fork + first, ...rest.map((line) => beside + line)];
  });
  return [lineOf(node, asked, look), ...branches];
};

/** A chain as a tree, from its root. */
export const lineageTree: Shape<LineageDocument> = {
  text: ({ root, packet_id, truncated }, look) =>
    [
      ...treeOf(root, packet_id, look),
      ...(truncated ? [look.paint.dim('The chain has more packets than are shown.')] : []),
    ].join('\n'),
  ids: ({ root }) => {
    const idsOf = (node: LineageTreeDocument): string[] => [node.id, ...node.children.flatMap(idsOf)];
    return idsOf(root);
  },
};
