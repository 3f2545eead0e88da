/** `T` with the keys that may be undefined or null made optional, as `exactOptionalPropertyTypes` wants them. */
export type Defined<T> = {
  [K in keyof T as undefined extends T[K] ? never : null extends T[K] ? never : K]: T[K];
} & {
  [K in keyof T as undefined extends T[K] ? K : null extends T[K] ? K : never]?: NonNullable<T[K]>;
};

/** A copy without the fields that are undefined or null: an explicit null in a request counts as absent. */
export const defined = <T extends object>(value: T): Defined<T> => {
  const kept: Record<string, unknown> = {};
  for (const key in value) {
    if (value[key] !== undefined && value[key] !== null) kept[key] = value[key];
  }
  return kept as Defined<T>;
};

/** `T` with the keys that may be undefined made optional; null stays a value. */
export type Sent<T> = {
  [K in keyof T as undefined extends T[K] ? never : K]: T[K];
} & {
  [K in keyof T as undefined extends T[K] ? K : never]?: Exclude<T[K], undefined>;
};

/** A copy without the fields that are undefined. A null stays: in a patch it removes. */
export const sent = <T extends object>(value: T): Sent<T> => {
  const kept: Record<string, unknown> = {};
  for (const key in value) if (value[key] !== undefined) kept[key] = value[key];
  return kept as Sent<T>;
};
