import { httpHeaders, NoQuery, RegisterSchemaBody, SchemaListQuery } from '#libs/contracts';
import { Controller, Delete, Get, Inject, Post, Req, Res } from '@nestjs/common';
import { type ApiReply, type ApiRequest, principalOf } from '../http/call.js';
import { repeatableOf, RunningRequests } from '../http/idempotency.js';
import { checked, jsonOf } from '../http/json-body.js';
import { Operation } from '../http/operation.js';
import { sendJson, sendNothing } from '../http/reply.js';
import { queryOf } from '../reads/list-filter.js';
import { RegisteredSchemas } from './registered-schemas.js';
import { schemaDocument, schemaPage } from './schema-view.js';

const tag = 'schemas';
const access = 'writer';
const document = { $ref: '#/$defs/SchemaDocument' };

const schemaIdOf = ({ params }: ApiRequest): string => (params as { id: string }).id.toLowerCase();

/** JSON Schemas that packets name for their context. */
@Controller('api/v1/schemas')
export class SchemasController {
  constructor(
    @Inject(RegisteredSchemas) private readonly schemas: RegisteredSchemas,
    @Inject(RunningRequests) private readonly running: RunningRequests,
  ) {}

  @Post()
  @Operation({
    access,
    summary: 'Register a schema',
    description:
      'A packet that names its id as `schema_id` is made only if its context satisfies it. A version is never ' +
      'changed: register the next one.',
    tag,
    body: RegisterSchemaBody,
    idempotent: true,
    answer: { status: 201, schema: document, description: 'The schema, with its id and version.' },
    problems: ['already_exists', 'too_many_schemas'],
  })
  async registerSchema(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const value = jsonOf(request);
    const repeatable = repeatableOf(request, value);
    const { schema, replayed } = await this.running.once(request, repeatable, () =>
      this.schemas.register(principalOf(request), checked(RegisterSchemaBody, value), repeatable),
    );
    if (replayed) void reply.header(httpHeaders.idempotencyReplayed, 'true');
    void reply.header('location', `/api/v1/schemas/${schema.id}`);
    sendJson(reply, 201, schemaDocument(schema));
  }

  @Get()
  @Operation({
    access,
    summary: 'List schemas',
    description: 'By name and version, without the schemas themselves.',
    tag,
    query: SchemaListQuery,
    answer: {
      status: 200,
      schema: { $ref: '#/$defs/SchemaListDocument' },
      description: 'A page of schemas; `total` is for the whole filter.',
    },
  })
  async listSchemas(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    const query = queryOf(SchemaListQuery, request);
    sendJson(reply, 200, schemaPage(await this.schemas.list(principalOf(request).tenant_id), query));
  }

  @Get(':id')
  @Operation({
    access,
    summary: 'Get a schema',
    tag,
    query: NoQuery,
    answer: { status: 200, schema: document, description: 'The schema.' },
  })
  async getSchema(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    queryOf(NoQuery, request);
    const schema = await this.schemas.find(principalOf(request).tenant_id, schemaIdOf(request));
    sendJson(reply, 200, schemaDocument(schema));
  }

  @Delete(':id')
  @Operation({
    access,
    summary: 'Delete a schema',
    description:
      'Refused while a packet that is not done names it. Packets that are done keep the id. The version may be ' +
      'registered again.',
    tag,
    answer: { status: 204, schema: null, description: 'It is deleted.' },
    problems: ['schema_in_use'],
  })
  async deleteSchema(@Req() request: ApiRequest, @Res() reply: ApiReply): Promise<void> {
    await this.schemas.delete(principalOf(request).tenant_id, schemaIdOf(request));
    sendNothing(reply);
  }
}
