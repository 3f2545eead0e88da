import type { ExistingPacket, PacketContent } from '#libs/packet';

/** The parts of the content that only an update changes. */
export type PacketBody = Omit<PacketContent, 'metadata'>;
/** The folded state without its body. */
export type PacketHead = Omit<ExistingPacket, 'content'> & { content: Pick<PacketContent, 'metadata'> };

export const headOf = (packet: ExistingPacket): PacketHead => ({
  ...packet,
  content: { metadata: packet.content.metadata },
});

export const bodyOf = ({ content }: ExistingPacket): PacketBody => ({
  context: content.context,
  decisions: content.decisions,
  actions: content.actions,
  dependencies: content.dependencies,
});

/** The folded state from its two halves. */
export const joinPacket = (head: PacketHead, body: PacketBody): ExistingPacket =>
  ({ ...head, content: { ...head.content, ...body } }) as ExistingPacket;

/** Whether both states hold the very same body. The fold keeps what an event does not touch, by identity. */
export const sameBody = (a: ExistingPacket, b: ExistingPacket): boolean =>
  a.content.context === b.content.context &&
  a.content.decisions === b.content.decisions &&
  a.content.actions === b.content.actions &&
  a.content.dependencies === b.content.dependencies;
