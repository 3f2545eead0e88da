import type { JsonObject } from '#libs/packet';
import { PageQuery } from './query-strings.js';
import { FreeObject, InstantText, Int, List, Nullable, Optional, Text, Uuid } from './rules.js';

const many = 1_000_000_000;
const nameRule = Text(1, 128);

export class RegisterSchemaBody {
  @nameRule name!: string;
  @Optional() @Int(1, many, 'The one after the newest of this name when left out.') version?: number;
  @FreeObject('JSON Schema 2020-12, 65,536 characters at most, `$ref` into itself only.')
  json_schema!: JsonObject;
}

export class SchemaListQuery extends PageQuery {
  @Optional() @Text(1, 128, 'The versions of this name.') name?: string;
}

class SchemaSummaryDocument {
  @Uuid('What a packet names as `schema_id`.') id!: string;
  @nameRule name!: string;
  @Int(1, many) version!: number;
  @InstantText() created_at!: string;
  @Text(1, 64, 'Id of the key that registered it.') created_by!: string;
}

export class SchemaDocument extends SchemaSummaryDocument {
  @FreeObject() json_schema!: JsonObject;
}

export class SchemaListDocument {
  @List(SchemaSummaryDocument, 200, 'By name and version, without the schemas themselves.')
  schemas!: SchemaSummaryDocument[];
  @Int(0, many, 'Of the whole filter.') total!: number;
  @Int(1, 200) limit!: number;
  @Nullable() @Text(1, 1_024, 'Null at the end.') next_cursor!: string | null;
}

/** Every answer about registered schemas. */
export const schemaDocuments = [SchemaDocument, SchemaListDocument] as const;
