import { answerDocuments } from './answer-documents.js';
import type { JsonSchema } from './json-schema.js';
import { PacketDocumentBody } from './packet-document.js';
import type { BodyClass } from './rules.js';
import { definitionsOf } from './schema-of.js';

/** Readers must take fields that they do not know: an answer may have more than its schema names. */
const opened = (schema: JsonSchema): JsonSchema => {
  const { additionalProperties, ...open } = schema;
  return additionalProperties === false ? open : schema;
};

/** What only the server sets is told when it is sent, but nobody needs to read of it before. */
const forWriters = (schema: JsonSchema): JsonSchema => ({
  ...schema,
  ...(schema.properties && {
    properties: Object.fromEntries(Object.entries(schema.properties).filter(([, field]) => !field.readOnly)),
  }),
});

const mapValues = (
  schemas: Record<string, JsonSchema>,
  change: (schema: JsonSchema) => JsonSchema,
): Record<string, JsonSchema> =>
  Object.fromEntries(Object.entries(schemas).map(([name, schema]) => [name, change(schema)]));

/** The schemas of request bodies and of every answer, by name, as the API reference shows them. */
export const apiSchemas = (bodies: readonly BodyClass[]): Record<string, JsonSchema> => ({
  ...mapValues(definitionsOf(...answerDocuments), opened),
  ...mapValues(definitionsOf(...bodies), forWriters),
});

/** The JSON Schema of the packet document, version 1, as it is published. */
export const packetSchema = (): JsonSchema => {
  const { [PacketDocumentBody.name]: packet, ...definitions } = mapValues(
    definitionsOf(PacketDocumentBody),
    opened,
  );
  return {
    $schema: 'https://json-schema.org/draft/2020-12/schema',
    $id: 'https://handoffrail.dev/schemas/packet/v1.json',
    title: 'HandoffRail packet',
    ...packet,
    $defs: definitions,
  };
};
