import type { BodyClass, JsonSchema, ProblemCode } from '#libs/contracts';
import { applyDecorators, SetMetadata } from '@nestjs/common';
import { RouteConfig } from '@nestjs/platform-fastify';
import type { Access } from '../auth/access.js';

/** What one route promises: who may use it, and all that OpenAPI says of it. */
export interface OperationFacts {
  access: Access;
  summary: string;
  description?: string;
  tag:
    | 'packets'
    | 'commands'
    | 'batches'
    | 'approvals'
    | 'agents'
    | 'routing'
    | 'webhooks'
    | 'feeds'
    | 'schemas'
    | 'control'
    | 'system';
  body?: BodyClass;
  /** The body may be left out. */
  bodyOptional?: true;
  query?: BodyClass;
  /** The status of success and its content; null for none. */
  answer: {
    status: number;
    schema: JsonSchema | null;
    description: string;
    type?: string;
    example?: unknown;
  };
  /** Problems beyond those that every route may answer with. */
  problems?: readonly ProblemCode[];
  /** It takes an `Idempotency-Key`. */
  idempotent?: true;
  /** It takes `If-Match`, and `HandoffRail-Claim` unless only the revision matters. */
  conditional?: true | 'revision';
  /** Its answer may lag behind the log, and says so. */
  stale?: true;
  /** The key may come in the query string. */
  keyInQuery?: true;
  /** A body of many packets. */
  batch?: true;
  /** It answers with pages for people, whatever goes wrong. */
  page?: true;
  /** It takes what an HTML form sends, instead of JSON. */
  form?: { schema: JsonSchema; example: Record<string, string> };
}

export const operationKey = 'handoffrail:operation';

/** Declares a route's access and documentation; a route without it does not start. */
export const Operation = (facts: OperationFacts): MethodDecorator =>
  applyDecorators(
    SetMetadata(operationKey, facts),
    RouteConfig({
      access: facts.access,
      ...(facts.keyInQuery && { keyInQuery: true }),
      ...(facts.batch && { batch: true }),
      ...(facts.form && { form: true }),
    }),
  );
