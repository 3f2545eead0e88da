import type { JsonObject } from '#libs/packet';
import { applicators } from './applicators.js';
import { assertions } from './assertions.js';
import { join } from './join.js';
import type { Schema } from './keywords.js';
import type { Outcome, Place } from './place.js';
import type { Prepared } from './prepare.js';

/** The work was more than one value may cost. */
export class TooCostly extends Error {}

/** Steps of some tenths of a microsecond. */
const mostSteps = 300_000;
const mostLevels = 600;

const nothing: Outcome['evaluated'] = new Set();

/** One validation. */
export class Run {
  #steps = 0;
  #level = 0;

  constructor(readonly prepared: Prepared) {}

  /** @throws TooCostly */
  spend(steps: number): void {
    this.#steps += steps;
    if (this.#steps > mostSteps) throw new TooCostly();
  }

  /**
   * What the schema says of the value. Asked again, it is told from memory: however schemas refer to each
   * other, the work does not grow beyond the size of the schema times that of the value. @throws TooCostly
   */
  evaluate(schema: Schema, place: Place): Outcome {
    const known = place.outcomes.get(schema);
    if (known !== undefined) return known;
    const outcome: Outcome = { issues: [], evaluated: this.prepared.tracks ? new Set() : nothing };
    if (schema === false)
      outcome.issues.push({ field: place.field, code: 'not_allowed', message: 'Leave this out.' });
    else if (schema !== true) this.#apply(schema, place, outcome);
    place.outcomes.set(schema, outcome);
    return outcome;
  }

  #apply(schema: JsonObject, place: Place, outcome: Outcome): void {
    this.spend(this.prepared.weights.get(schema) ?? 1);
    if (this.#level > mostLevels) throw new TooCostly();
    this.#level += 1;
    const at: At = { run: this, schema, place, outcome };
    for (const [keyword, operand] of Object.entries(schema)) {
      const complaint = assertions.get(keyword)?.(operand, at);
      if (complaint) join(at, [{ field: place.field, ...complaint }]);
    }
    for (const [keyword, applicator] of applicators) {
      if (Object.hasOwn(schema, keyword)) applicator(schema[keyword], at);
    }
    this.#level -= 1;
  }
}

/** Where a keyword stands: its schema, the value that it looks at, and what is known of it so far. */
export interface At {
  run: Run;
  schema: JsonObject;
  place: Place;
  outcome: Outcome;
}
