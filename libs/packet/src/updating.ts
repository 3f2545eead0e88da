import { reopened } from './asking.js';
import { sameJson } from './canonical-json.js';
import { checkContent, invalid } from './content-check.js';
import type { FieldError } from './content-check.js';
import type { CommandMeta } from './commands.js';
import type { PacketContent } from './document.js';
import { applyPatch } from './merge.js';
import { accept, quiet } from './outcome.js';
import type { Fact, Rule } from './outcome.js';
import type { ContentPatch } from './patch.js';
import type { AwaitingPacket } from './state.js';

/** An id that arrives in two lists at once says two things about one action. */
export const patchErrors = ({ actions }: ContentPatch): FieldError[] => {
  const seen = new Set<string>();
  return (['pending', 'completed', 'failed'] as const).flatMap((list) =>
    (actions?.[list] ?? []).flatMap(({ id }, index) => {
      const again = seen.has(id);
      seen.add(id);
      const field = `actions.${list}.${index}.id`;
      return again ? [{ field, code: 'duplicate', message: `"${id}" is used twice` }] : [];
    }),
  );
};

const digested = ['context', 'decisions', 'actions', 'dependencies'] as const;

/** People decide on what they saw: a change of it ends the question and asks it again. */
const voided = (
  packet: AwaitingPacket,
  content: PacketContent,
  asked: { id: string; at: CommandMeta['now'] },
): Fact[] => {
  const changed = digested.some((part) => !sameJson(packet.content[part], content[part]));
  if (!changed) return [];
  const replaced_by = reopened(packet.approval, content, asked);
  const data = { approval_id: packet.approval.id, reason: 'content_changed', replaced_by };
  return [{ type: 'packet.approval_voided', data }];
};

export const update: Rule<'update'> = ({ meta, data }, packet) => {
  const { patch, limits, approval_id } = data;
  const content = applyPatch(packet.content, patch);
  const rejection = invalid(patchErrors(patch)) ?? checkContent(content, limits);
  if (rejection !== null) return { rejection };
  if (sameJson(content, packet.content)) return quiet;
  const updated: Fact = { type: 'packet.updated', data: { patch } };
  if (packet.status !== 'awaiting_human') return accept(updated);
  return accept(updated, ...voided(packet, content, { id: approval_id, at: meta.now }));
};
