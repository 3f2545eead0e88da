import { canonicalJson } from '#libs/packet';
import { into, type Issue, type Schema } from './keywords.js';

/** What one schema says of one value. */
export interface Outcome {
  issues: Issue[];
  /** Names and indexes that some keyword has looked at; kept only where somebody asks for the others. */
  evaluated: Set<string | number>;
}

/** One value inside the whole, and what was found out about it: nothing is found out twice. */
export class Place {
  readonly outcomes = new Map<Schema, Outcome>();
  readonly #children = new Map<string | number, Place>();
  #canonical: string | undefined;
  #characters: number | undefined;

  constructor(
    readonly value: unknown,
    readonly field: string,
  ) {}

  child(step: string | number): Place {
    const known = this.#children.get(step);
    if (known !== undefined) return known;
    const made = new Place((this.value as Record<string | number, unknown>)[step], into(this.field, step));
    this.#children.set(step, made);
    return made;
  }

  /** The value as canonical JSON. */
  get canonical(): string {
    return (this.#canonical ??= canonicalJson(this.value));
  }

  /** Code points of a text. */
  get characters(): number {
    return (this.#characters ??= [...String(this.value)].length);
  }
}
