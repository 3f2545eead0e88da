import { type BodyClass, RegisterSchemaBody } from '#libs/contracts';
import { instantAt } from '#libs/packet';

const registered = {
  name: 'upgrade',
  version: 2,
  json_schema: {
    properties: {
      custom: {
        type: 'object',
        required: ['crm_id'],
        properties: { crm_id: { type: 'string', pattern: '^acc-[0-9]+$' } },
      },
    },
  },
};

export const schemaBodyExamples: [BodyClass, unknown][] = [[RegisterSchemaBody, registered]];

const { json_schema, ...summary } = {
  id: '3b1f7c52-9e40-8d6a-b1c2-5d4e3f2a1b0c',
  ...registered,
  created_at: instantAt(Date.UTC(2026, 0, 31, 12)),
  created_by: '019ab2f0-7d11-7e02-b1c5-2a3b4c5d6e7f',
};

export const schemaAnswerExamples = {
  SchemaDocument: { ...summary, json_schema },
  SchemaListDocument: { schemas: [summary], total: 1, limit: 50, next_cursor: null },
};
