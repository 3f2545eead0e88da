import type { Caller, RequestOptions } from '../caller.js';
import type { Operations } from '../generated/operations.js';
import type {
  RegisterSchemaBody,
  SchemaDocument,
  SchemaListDocument,
  SchemaSummaryDocument,
} from '../generated/wire.js';
import type { Listing } from '../listing.js';
import { asWire, type Given } from '../spelling.js';

/** JSON Schemas that the `context` of packets must satisfy. */
export class Schemas {
  readonly #caller: Caller;

  /** @internal */
  constructor(caller: Caller) {
    this.#caller = caller;
  }

  /**
   * Registers a schema, or its next version.
   *
   * @example
   * ```ts
   * const { id } = await rail.schemas.register({ name: 'refund', jsonSchema: { type: 'object' } });
   * ```
   */
  register(body: Given<RegisterSchemaBody>, options?: RequestOptions): Promise<SchemaDocument> {
    return this.#caller.call('schemas_registerSchema', { body: asWire<RegisterSchemaBody>(body) }, options);
  }

  /**
   * Schemas by name and version, without the schemas themselves.
   *
   * @example
   * ```ts
   * for await (const schema of rail.schemas.list({ name: 'refund' })) console.log(schema.id);
   * ```
   */
  list(
    query: Operations['schemas_listSchemas']['query'] = {},
    options?: RequestOptions,
  ): Listing<SchemaListDocument, SchemaSummaryDocument> {
    return this.#caller.list('schemas_listSchemas', { query, items: ({ schemas }) => schemas }, options);
  }

  /**
   * One schema.
   *
   * @example
   * ```ts
   * const { json_schema } = await rail.schemas.get(schemaId);
   * ```
   */
  get(id: string, options?: RequestOptions): Promise<SchemaDocument> {
    return this.#caller.call('schemas_getSchema', { params: { id } }, options);
  }

  /**
   * Deletes a schema that no live packet uses.
   *
   * @example
   * ```ts
   * await rail.schemas.remove(schemaId);
   * ```
   */
  async remove(id: string, options?: RequestOptions): Promise<void> {
    await this.#caller.call('schemas_deleteSchema', { params: { id } }, options);
  }
}
