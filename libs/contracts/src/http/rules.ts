import 'reflect-metadata';
import { Type } from 'class-transformer';
import {
  ArrayMaxSize,
  ArrayMinSize,
  IsArray,
  IsBoolean,
  IsIn,
  IsInt,
  IsObject,
  IsOptional,
  IsString,
  Matches,
  Max,
  Min,
  ValidateBy,
  ValidateIf,
  ValidateNested,
  type ValidationOptions,
} from 'class-validator';
import { countCharacters, isInstantText, uuidPattern } from './formats.js';
import type { JsonSchema } from './json-schema.js';

/** A class whose fields carry rules: it is the type, the validation and the schema in one. */
export type BodyClass<T extends object = object> = new () => T;

/** What the schema needs and class-validator has no place for. */
export interface RuleContext {
  about?: string | undefined;
  of?: BodyClass;
}

const all =
  (...rules: PropertyDecorator[]): PropertyDecorator =>
  (target, key) =>
    rules.forEach((rule) => rule(target, key));

const noted = (about: string | undefined, more: ValidationOptions = {}): ValidationOptions =>
  about === undefined ? more : { ...more, context: { about } satisfies RuleContext };

/** A rule of our own: its name, what its schema needs to know, and the check. */
type Check = [name: string, constraints: unknown[], validate: (value: unknown) => boolean];

const by = ([name, constraints, validate]: Check, options?: ValidationOptions) =>
  ValidateBy({ name, constraints, validator: { validate } }, options);

// Characters are code points, as in JSON Schema; class-validator's own Length counts some emoji as nothing.
const characters = (min: number, max: number, options?: ValidationOptions) =>
  by(
    [
      'characters',
      [min, max],
      (value) => typeof value === 'string' && countCharacters(value) >= min && countCharacters(value) <= max,
    ],
    options,
  );

/** The field may be left out; an explicit null counts as left out. */
export const Optional = (): PropertyDecorator => IsOptional();

/** An output field that is always there and may be null. */
export const Nullable = (): PropertyDecorator =>
  ValidateIf((_body: unknown, value: unknown) => value !== null, { context: { about: undefined } });

/** Text of `min` to `max` characters. */
export const Text = (min: number, max: number, about?: string): PropertyDecorator =>
  all(IsString(noted(about)), characters(min, max));

/** Text of a form; `about` says in words which. */
export const Pattern = (pattern: RegExp, max: number, about: string): PropertyDecorator =>
  all(IsString(noted(about)), characters(1, max), Matches(pattern));

/** A UUID, in either case. */
export const Uuid = (about?: string): PropertyDecorator =>
  all(IsString(noted(about ?? 'A UUID.')), Matches(uuidPattern));

/** An RFC 3339 instant, in any offset. */
export const InstantText = (about?: string): PropertyDecorator =>
  by(['instant', [], isInstantText], noted(about));

export const Int = (min: number, max: number, about?: string): PropertyDecorator =>
  all(IsInt(noted(about)), Min(min), Max(max));

export const Flag = (about?: string): PropertyDecorator => IsBoolean(noted(about));

export const OneOf = (values: readonly string[], about?: string): PropertyDecorator =>
  IsIn(values, noted(about));

/** Free JSON in an object. */
export const FreeObject = (about?: string): PropertyDecorator => IsObject(noted(about));

/** Any JSON value. */
export const AnyJson = (about?: string): PropertyDecorator => by(['anyJson', [], () => true], noted(about));

/** A value with several forms, told by a schema; `about` says in words which. */
export const Shape = (
  schema: JsonSchema,
  holds: (value: unknown) => boolean,
  about: string,
): PropertyDecorator => by(['shape', [schema], holds], noted(about));

/** An object with rules of its own. */
export const Nested = (of: BodyClass, about?: string): PropertyDecorator =>
  all(
    IsObject(noted(about)),
    ValidateNested({ context: { of } satisfies RuleContext }),
    Type(() => of),
  );

/** A list of texts; `each` are the limits of one. */
export const Texts = (max: number, each: [min: number, max: number], about?: string): PropertyDecorator =>
  all(
    IsArray(noted(about)),
    ArrayMaxSize(max),
    IsString({ each: true }),
    characters(...each, { each: true }),
  );

/** At least one text. */
export const SomeTexts = (max: number, each: [min: number, max: number], about?: string): PropertyDecorator =>
  all(Texts(max, each, about), ArrayMinSize(1));

/** A list of some of these words. */
export const SomeOf = (values: readonly string[], about?: string): PropertyDecorator =>
  all(IsArray(noted(about)), ArrayMinSize(1), ArrayMaxSize(values.length), IsIn(values, { each: true }));

/** A list of objects with rules of their own. */
export const List = (of: BodyClass, max: number, about?: string): PropertyDecorator =>
  all(
    IsArray(noted(about)),
    ArrayMaxSize(max),
    IsObject({ each: true }),
    ValidateNested({ each: true, context: { of } satisfies RuleContext }),
    Type(() => of),
  );

/** Fields that the server sets: naming them here lets a client be told so, instead of "unknown". */
export const ServerSets =
  (...fields: string[]): ClassDecorator =>
  (target) => {
    for (const field of fields) {
      IsOptional()(target.prototype as object, field);
      by(['serverSet', [], () => false])(target.prototype as object, field);
    }
  };
