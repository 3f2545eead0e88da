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

const cardOf = (title: string, key: KeyDocument, look: Look): string =>
  cardText(
    title,
    [
      ['id', key.id],
      ['name', key.name],
      ['status', key.status, (text) => paintStatus(text, look.paint)],
      ['role', roleOf(key)],
      ['agent', key.agent_id],
      ['tenant', key.tenant_id],
      ['until', key.expires_at && momentOf(key.expires_at)],
      ['replaces', key.replaces],
    ],
    look,
  );

/** One key, by its beginning. */
export const keyCard: Shape<KeyDocument> = {
  text: (key, look) => cardOf(`${key.prefix}…`, key, look),
  ids: ({ id }) => [id],
};

/** A key that was just made: the only time that it is seen. */
export const madeKey: Shape<MadeKeyDocument> = {
  text: (made, look) =>
    made.key === null
      ? cardOf(`${made.prefix}…`, made, look)
      : `${cardOf(made.key, made, look)}\nKeep it: it is not shown again.`,
  ids: ({ id }) => [id],
};
