import type { RegisterSchemaBody } from '#libs/contracts';
import { checkSchema } from '#libs/json-schema';
import { instantAt, type Principal, type TenantId } from '#libs/packet';
import { SchemaRegistry, type StoredSchema } from '#libs/schemas';
import { Inject, Injectable } from '@nestjs/common';
import type { Repeatable } from '../http/idempotency.js';
import { derivedUuid } from '../http/ids.js';
import { invalid, notFound, ProblemError } from '../http/problem-error.js';
import { SchemaUses } from './schema-uses.js';

/** Versions of a tenant, all names together: a list reads them all. */
const mostSchemas = 200;

export interface Registered {
  schema: StoredSchema;
  replayed: boolean;
}

const taken = ({ name, version }: { name: string; version: number }): ProblemError =>
  new ProblemError(
    'already_exists',
    `There is a version ${version} of "${name}" already: leave the version out to register the next one.`,
  );

const tooMany = (used: number): ProblemError =>
  new ProblemError(
    'too_many_schemas',
    `A tenant has at most ${mostSchemas} schemas: delete versions that no packet needs any more.`,
    { limit: mostSchemas, used },
  );

const checkJsonSchema = (body: RegisterSchemaBody): void => {
  const issues = checkSchema(body.json_schema);
  if (issues.length === 0) return;
  throw invalid(
    issues.map(({ field, ...issue }) => ({
      field: field === '' ? 'json_schema' : `json_schema.${field}`,
      ...issue,
    })),
  );
};

const repeated = (schema: StoredSchema, digest: string | undefined): Registered => {
  if (schema.request?.digest === digest) return { schema, replayed: true };
  throw new ProblemError(
    'idempotency_mismatch',
    'This idempotency key was used with another body: use a new key.',
  );
};

const versionAfter = (name: string, schemas: readonly StoredSchema[]): number =>
  schemas.reduce((last, schema) => (schema.name === name ? Math.max(last, schema.version) : last), 0) + 1;

/** The schema that is to be registered beside those. @throws ProblemError when there is no room for it */
const newSchema = (
  { tenant_id, key_id }: Principal,
  { name, version: asked, json_schema }: RegisterSchemaBody,
  known: readonly StoredSchema[],
): StoredSchema => {
  if (known.length >= mostSchemas) throw tooMany(known.length);
  const version = asked ?? versionAfter(name, known);
  const id = derivedUuid(tenant_id, 'schema', name, version);
  if (known.some((schema) => schema.id === id)) throw taken({ name, version });
  const made = { created_at: instantAt(Date.now()), created_by: key_id };
  return { tenant_id, id, name, version, json_schema, ...made };
};

const find = (known: readonly StoredSchema[], request: StoredSchema['request']): StoredSchema | undefined =>
  known.find((one) => request !== undefined && one.request?.id === request.id);

const requestOf = (tenant: TenantId, repeatable: Repeatable | undefined): StoredSchema['request'] =>
  repeatable && {
    id: derivedUuid(tenant, 'register-schema', repeatable.key),
    digest: repeatable.digest,
  };

/** The schemas of a tenant: registers, finds and deletes them. */
@Injectable()
export class RegisteredSchemas {
  constructor(
    @Inject(SchemaRegistry) private readonly registry: SchemaRegistry,
    @Inject(SchemaUses) private readonly uses: SchemaUses,
  ) {}

  /** @throws ProblemError when there is none of this id */
  async find(tenant: TenantId, id: string): Promise<StoredSchema> {
    const schema = await this.registry.get(tenant, id);
    if (schema === undefined) throw notFound('schema');
    return schema;
  }

  list(tenant: TenantId): Promise<StoredSchema[]> {
    return this.registry.list(tenant);
  }

  /** @throws ProblemError */
  async register(
    principal: Principal,
    body: RegisterSchemaBody,
    repeatable?: Repeatable,
  ): Promise<Registered> {
    checkJsonSchema(body);
    const { tenant_id } = principal;
    const request = requestOf(tenant_id, repeatable);
    const schema = await this.registry.add(tenant_id, (known) =>
      find(known, request) ? null : { ...newSchema(principal, body, known), ...(request && { request }) },
    );
    if (schema) return { schema, replayed: false };
    const before = find(await this.registry.list(tenant_id), request);
    if (before) return repeated(before, request?.digest);
    throw new ProblemError('contended', 'What this request made is being deleted. Send it again.', {
      retry_after: 1,
    });
  }

  /** Deletes a schema that no live packet names. @throws ProblemError */
  async delete(tenant: TenantId, id: string): Promise<void> {
    await this.find(tenant, id);
    if (await this.uses.any(tenant, id))
      throw new ProblemError(
        'schema_in_use',
        'Packets that are not done name this schema: wait until they are, or cancel them.',
      );
    if (!(await this.registry.delete(tenant, id))) throw notFound('schema');
  }
}
