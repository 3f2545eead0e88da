import type { At } from './evaluate.js';
import type { Issue } from './keywords.js';
import type { Outcome } from './place.js';

const mostIssues = 20;

/** Takes over what is wrong with the value, or inside it. */
export const join = ({ outcome }: At, issues: readonly Issue[]): void => {
  for (const issue of issues)
    if (outcome.issues.length < mostIssues && !outcome.issues.includes(issue)) outcome.issues.push(issue);
};

/** Takes over what a schema that holds has looked at, of the same value. */
export const track = ({ run, outcome }: At, { issues, evaluated }: Outcome): void => {
  if (!run.prepared.tracks || issues.length > 0) return;
  run.spend(evaluated.size);
  for (const step of evaluated) outcome.evaluated.add(step);
};
