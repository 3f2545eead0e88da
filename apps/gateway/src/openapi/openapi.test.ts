import 'reflect-metadata';
import { apiSchemas, type BodyClass, problems, validatorOf } from '#libs/contracts';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { apiRoutes } from '../controllers.js';
import { answerExamples } from './answer-examples.js';
import { asyncApi } from './asyncapi.js';
import { bodyExamples } from './examples.js';
import { openApi } from './openapi.js';

type Tree = { [key: string]: Tree } & { $ref?: string };

const routes = apiRoutes();
const document = openApi(routes) as Tree;

const refsIn = (node: unknown): string[] => {
  if (typeof node !== 'object' || node === null) return [];
  return Object.entries(node).flatMap(([key, value]) =>
    key === '$ref' && typeof value === 'string' ? [value] : refsIn(value),
  );
};

const resolve = (tree: unknown, ref: string): unknown =>
  ref
    .slice(2)
    .split('/')
    .reduce<unknown>((node, key) => (node as Record<string, unknown> | undefined)?.[key], tree);

describe('the OpenAPI document', () => {
  it.each([
    ['openapi', document],
    ['asyncapi', asyncApi()],
  ])('%s has what it refers to', (_name, tree) => {
    const dangling = [...new Set(refsIn(tree))].filter((ref) => resolve(tree, ref) === undefined);
    expect(dangling).toEqual([]);
  });

  it('says of every route who may use it, what it is for and what can go wrong', () => {
    for (const route of routes) {
      expect(route.summary.length, route.path).toBeGreaterThan(5);
      expect(route.access, route.path).toBeDefined();
      for (const code of route.problems ?? []) expect(problems).toHaveProperty(code);
    }
    const ids = routes.map(({ tag, name }) => `${tag}_${name}`);
    expect(new Set(ids).size).toBe(ids.length);
  });

  it.each([...new Set(routes.flatMap(({ body }) => body ?? []))].map((of) => [of.name, of] as const))(
    'shows a valid %s',
    (_name, of: BodyClass) => {
      expect(validatorOf(of).errors(bodyExamples.get(of))).toEqual([]);
      expect(validatorOf(of).accepts(bodyExamples.get(of))).toBe(true);
    },
  );

  it.each(Object.entries(answerExamples()))('shows a valid %s', (name, example) => {
    const ajv = new Ajv2020({ strict: false, validateFormats: false });
    const validate = ajv.compile({ $ref: `#/$defs/${name}`, $defs: apiSchemas([]) });
    expect(validate(example) || validate.errors).toBe(true);
  });

  it('gives every answer with a body an example', () => {
    const bare = routes.filter(({ answer, answer: { schema, type, example } }) => {
      const named = schema?.$ref?.split('/').at(-1) ?? '';
      const documents = answer.schema?.type === 'object' && schema?.required === undefined;
      return schema && !type && !documents && example === undefined && !(named in answerExamples());
    });
    expect(bare.map(({ path }) => path)).toEqual([]);
  });
});
