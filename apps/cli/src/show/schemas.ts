import type { SchemaDocument, SchemaListDocument } from '#libs/sdk';
import { cardText, listShape } from './listing.js';
import { momentOf } from './moments.js';
import type { Shape } from './shape.js';

/** Schemas, a line each. */
export const schemaList: Shape<SchemaListDocument> = listShape({
  rows: ({ schemas }: SchemaListDocument) => schemas,
  columns: () => [
    { title: 'ID', value: ({ id }) => id },
    { title: 'VERSION', value: ({ version }) => version },
    { title: 'CREATED', value: ({ created_at }) => momentOf(created_at) },
    { title: 'NAME', value: ({ name }) => name, flexible: true },
  ],
  none: 'No schemas.',
  id: ({ id }) => id,
});

/** One schema, whole. */
export const schemaCard: Shape<SchemaDocument> = {
  text: (schema, look) =>
    cardText(
      schema.id,
      [
        ['name', schema.name],
        ['version', schema.version],
        ['created', momentOf(schema.created_at)],
        ['schema', JSON.stringify(schema.json_schema, null, 2)],
      ],
      look,
    ),
  ids: ({ id }) => [id],
};
