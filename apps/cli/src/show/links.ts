import type { LinkListDocument, MadeLinkDocument } from '#libs/sdk';
import { momentOf } from './moments.js';
import type { Shape } from './shape.js';
import { table } from './table.js';

/** A link that was just made: the only time that its address is seen. */
export const madeLink: Shape<MadeLinkDocument> = {
  text: ({ link_id, url, approver, expires_at }, { paint }) =>
    [
      `${paint.bold(link_id)}  ${approver}, until ${momentOf(expires_at)}`,
      ...(url === null ? [] : [`link: ${paint.bold(url)} (not shown again)`]),
    ].join('\n'),
  ids: ({ link_id }) => [link_id],
};

/** Links, a line each. */
export const linkList: Shape<LinkListDocument> = {
  text: ({ links }, look) => {
    if (links.length === 0) return look.paint.dim('No links.');
    const columns = [
      { title: 'ID', value: ({ link_id }: (typeof links)[number]) => link_id },
      { title: 'STATUS', value: ({ status }: (typeof links)[number]) => status },
      { title: 'EXPIRES', value: ({ expires_at }: (typeof links)[number]) => momentOf(expires_at) },
      { title: 'APPROVER', value: ({ approver }: (typeof links)[number]) => approver, flexible: true },
    ];
    return table(columns, links, look);
  },
  ids: ({ links }) => links.map(({ link_id }) => link_id),
};
