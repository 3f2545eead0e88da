/** `agent_id` as `agentId`. */
export type CamelCase<Name extends string> = Name extends `${infer First}_${infer Rest}`
  ? `${First}${Capitalize<CamelCase<Rest>>}`
  : Name;

/** Fields as the API spells them, or in camelCase; what is inside of them is as the API has it. */
export type Given<Body> = Body | { [Field in keyof Body as CamelCase<Field & string>]: Body[Field] };

/** A field of a body as the API spells it. */
export const snakeCase = (name: string): string =>
  name.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);

/** The body, its own fields as the API spells them; what it holds is left alone. */
export const asWire = <Body extends object>(given: Given<Body>): Body =>
  Object.fromEntries(Object.entries(given).map(([name, value]) => [snakeCase(name), value])) as Body;
