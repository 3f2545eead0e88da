import type { Json, JsonObject } from '#libs/packet';
import { type Applicator, applicators } from './applicators.js';
import { type Assertion, assertions } from './assertions.js';
import { join } from './join.js';
import type { Schema } from './keywords.js';
import type { Outcome, Place } from './place.js';
import type { Prepared } from './prepare.js';

/** The work was more than one value may cost. */
export class TooCostly extends Error {}

/** Steps of about a microsecond. */
const mostSteps = 20_000;
/** What it costs to say what is wrong. */
const complaintSteps = 2;
const mostLevels = 600;

const nothing: Outcome['evaluated'] = new Set();

/** What a schema asks of each value: its keywords that we know, with their operands. */
interface Plan {
  asserted: [Assertion, Json | undefined][];
  applied: [Applicator, Json | undefined][];
}

const planOf = (schema: JsonObject): Plan => ({
  asserted: Object.entries(schema).flatMap(([keyword, operand]) => {
    const assertion = assertions.get(keyword);
    return assertion ? [[assertion, operand]] : [];
  }),
  applied: [...applicators].flatMap(([keyword, applicator]) =>
    Object.hasOwn(schema, keyword) ? [[applicator, schema[keyword]]] : [],
  ),
});

/** One validation. */
export class Run {
  readonly #plans = new Map<JsonObject, Plan>();
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
    const known = place.outcomeOf(schema);
    if (known !== undefined) return known;
    const outcome: Outcome = { issues: [], evaluated: this.prepared.tracks ? new Set() : nothing };
    if (typeof schema === 'boolean') this.#allow(schema, place, outcome);
    else this.#apply(schema, place, outcome);
    place.keep(schema, outcome);
    return outcome;
  }

  #allow(isAllowed: boolean, place: Place, { issues }: Outcome): void {
    this.spend(1 + (isAllowed ? 0 : complaintSteps));
    if (!isAllowed) issues.push({ field: place.field, code: 'not_allowed', message: 'Leave this out.' });
  }

  #apply(schema: JsonObject, place: Place, outcome: Outcome): void {
    this.spend(this.prepared.weights.get(schema) ?? 1);
    if (this.#level > mostLevels) throw new TooCostly();
    this.#level += 1;
    const at: At = { run: this, schema, place, outcome };
    const { asserted, applied } = this.#planOf(schema);
    for (const [assertion, operand] of asserted) {
      const complaint = assertion(operand, at);
      if (!complaint) continue;
      this.spend(complaintSteps);
      join(at, [{ field: place.field, ...complaint }]);
    }
    for (const [applicator, operand] of applied) applicator(operand, at);
    this.#level -= 1;
  }

  #planOf(schema: JsonObject): Plan {
    const known = this.#plans.get(schema);
    if (known !== undefined) return known;
    const plan = planOf(schema);
    this.#plans.set(schema, plan);
    return plan;
  }
}

/** Where a keyword stands: its schema, the value that it looks at, and what is known of it so far. */
export interface At {
  run: Run;
  schema: JsonObject;
  place: Place;
  outcome: Outcome;
}
