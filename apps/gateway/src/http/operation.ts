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
    /** What else it may be, by media type. */
    also?: Record<string, { schema: JsonSchema; example: string }>;
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

/** What an operation is called in the audit: its tag and its name, such as `control.create_key`. */
const nameOf = ({ tag }: OperationFacts, method: string | symbol): string =>
  `${tag}.${String(method).replaceAll(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)}`;

const declared = (facts: OperationFacts, method: string | symbol): MethodDecorator =>
  applyDecorators(
    SetMetadata(operationKey, facts),
    RouteConfig({
      access: facts.access,
      operation: nameOf(facts, method),
      ...(facts.keyInQuery && { keyInQuery: true }),
      ...(facts.batch && { batch: true }),
      ...(facts.form && { form: true }),
    }),
  );

/** Declares a route's access and documentation; a route without it does not start. */
export const Operation =
  (facts: OperationFacts): MethodDecorator =>
  (target, method, descriptor) =>
    declared(facts, method)(target, method, descriptor);
