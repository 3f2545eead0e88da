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
  // Most values are looked at by one schema, and hold others rarely: what is seldom needed is made late.
  #outcomes: Map<Schema, Outcome> | undefined;
  #children: Map<string | number, Place> | undefined;
  #canonical: string | undefined;
  #characters: number | undefined;

  constructor(
    readonly value: unknown,
    private readonly way: { from: Place; step: string | number } | undefined,
  ) {}

  /** Its dotted path in the whole. */
  get field(): string {
    return this.way === undefined ? '' : into(this.way.from.field, this.way.step);
  }

  child(step: string | number): Place {
    const known = this.#children?.get(step);
    if (known !== undefined) return known;
    const value = (this.value as Record<string | number, unknown>)[step];
    const made = new Place(value, { from: this, step });
    (this.#children ??= new Map()).set(step, made);
    return made;
  }

  /** The name of a value inside, as a value at the same path. */
  nameOf(step: string): Place {
    return new Place(step, { from: this, step });
  }

  outcomeOf(schema: Schema): Outcome | undefined {
    return this.#outcomes?.get(schema);
  }

  keep(schema: Schema, outcome: Outcome): void {
    (this.#outcomes ??= new Map()).set(schema, outcome);
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
