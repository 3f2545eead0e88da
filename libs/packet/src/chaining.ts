import { checkContent } from './content-check.js';
import type { CommandOf, NewPacket } from './commands.js';
import { birthFacts, checkHandoff, childChain } from './create.js';
import { defined } from './defined.js';
import { inheritContent } from './inherit.js';
import type { Outcome, Rule } from './outcome.js';
import type { ExistingPacket } from './state.js';
import { jsonBytes } from './text.js';

/** Room for what the server adds to a document: ids, links, instants, a claim. */
const reservedBytes = 1024;

const childOf = ({ data }: CommandOf<'chain'>, parent: ExistingPacket): NewPacket => {
  const { child, inherit, limits } = data;
  const fixed = jsonBytes([child.terms, child.hitl, parent.chain]) + reservedBytes;
  const content = inheritContent(child.content, parent, { inherit, max_bytes: limits.max_bytes - fixed });
  return { ...child, content, terms: { ...child.terms, parent_packet_id: parent.id } };
};

const born = (command: CommandOf<'chain'>, parent: ExistingPacket): Outcome => {
  const { data, meta } = command;
  const place = childChain(parent, data.child.content.metadata.source_agent.id, data.limits);
  if ('rejection' in place) return place;
  const packet = childOf(command, parent);
  const rejection = checkContent(packet.content, data.limits);
  if (rejection !== null) return { rejection };
  const { child_id, trace_id, approval_id, limits, route } = data;
  const { target_agent = route?.target } = packet.content.metadata;
  return {
    facts: [{ type: 'packet.chained', data: { child_packet_id: child_id, ...defined({ target_agent }) } }],
    child: {
      id: child_id,
      root_id: place.chain.root_id,
      facts: birthFacts({ packet, chain: place.chain, trace_id, approval_id, limits }, meta, route),
    },
  };
};

/** The parent stays as it is; the child carries on what it inherits, in one batch with the parent's event. */
export const chain: Rule<'chain'> = (command, packet) => {
  const rejection = checkHandoff(command.meta, command.data.child, command.data.edge);
  return rejection === null ? born(command, packet) : { rejection };
};
