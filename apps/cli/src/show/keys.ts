import type { KeyDocument, KeyListDocument, MadeKeyDocument } from '#libs/sdk';
import { cardText, listShape } from './listing.js';
import { ageOf, momentOf } from './moments.js';
import type { Paint } from './paint.js';
import type { Look, Shape } from './shape.js';

const paintStatus = (text: string, paint: Paint): string =>
  text.trim() === 'live' ? paint.green(text) : paint.dim(text);

const usedOf = ({ last_used_at }: KeyDocument, { now }: Look): string =>
  last_used_at === null ? 'never' : `${ageOf(last_used_at, now)} ago`;

const roleOf = ({ role, platform_admin }: KeyDocument): string =>
  platform_admin ? `${role}, platform` : role;

/** Keys, a line each. */
export const keyList: Shape<KeyListDocument> = listShape({
  rows: ({ keys }: KeyListDocument) => keys,
  columns: (look) => [
    { title: 'ID', value: ({ id }) => id },
    { title: 'KEY', value: ({ prefix }) => `${prefix}…` },
    { title: 'STATUS', value: ({ status }) => status, paint: paintStatus },
    { title: 'ROLE', value: roleOf },
    { title: 'AGENT', value: ({ agent_id }) => agent_id ?? '-' },
    { title: 'USED', value: (key) => usedOf(key, look) },
    { title: 'NAME', value: ({ name }) => name, flexible: true },
  ],
  none: 'No keys.',
  id: ({ id }) => id,
});

/** A key that was just made: the only time that it is seen. */
export const madeKey: Shape<MadeKeyDocument> = {
  text: (made, look) =>
    cardText(
      made.key ?? 'The key was shown when it was made, and is not shown again.',
      [
        ['id', made.id],
        ['name', made.name],
        ['role', roleOf(made)],
        ['agent', made.agent_id],
        ['tenant', made.tenant_id],
        ['until', made.expires_at && momentOf(made.expires_at)],
        ['replaces', made.replaces],
        ['keep it', made.key === null ? null : 'it is not shown again'],
      ],
      look,
    ),
  ids: ({ id }) => [id],
};
