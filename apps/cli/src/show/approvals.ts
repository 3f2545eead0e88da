import type { ApprovalListDocument, InboxApprovalDocument } from '#libs/sdk';
import { ageOf, spanOf } from './moments.js';
import type { Look, Shape } from './shape.js';
import { type Column, table } from './table.js';

const dueOf = ({ expires_at }: InboxApprovalDocument, { now }: Look): string => {
  if (expires_at === null) return '-';
  const left = Date.parse(expires_at) - now;
  return left > 0 ? `in ${spanOf(left)}` : 'overdue';
};

const columns = (look: Look): Column<InboxApprovalDocument>[] => [
  { title: 'ID', value: ({ id }) => id },
  { title: 'PACKET', value: ({ packet_id }) => packet_id },
  { title: 'STATE', value: ({ state }) => state },
  { title: 'AGE', value: ({ requested_at }) => ageOf(requested_at, look.now) },
  { title: 'DUE', value: (approval) => dueOf(approval, look) },
  { title: 'QUESTION', value: ({ question, reason }) => question ?? reason, flexible: true },
];

/** What people are asked, a line each. */
export const approvalList: Shape<ApprovalListDocument> = {
  text: ({ approvals, next_cursor }, look) => {
    if (approvals.length === 0) return look.paint.dim('Nobody is asked anything.');
    const more = next_cursor === null ? [] : ['', look.paint.dim('There is more; --all shows everything.')];
    return [table(columns(look), approvals, look), ...more].join('\n');
  },
  ids: ({ approvals }) => approvals.map(({ id }) => id),
};
