import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { machine } from './measure.js';

/** One line of a workload's table. */
export interface Figure {
  what: string;
  value: number;
  unit: string;
  /** The number to reach, as text: `>= 1,000`. */
  target: string;
  met: boolean;
}

export interface Result {
  workload: string;
  title: string;
  /** How it was run: durability, connections, runs. */
  setting: string;
  at: string;
  machine: ReturnType<typeof machine>;
  figures: Figure[];
}

const directory = 'bench/results';

/** A figure without a target. */
export const plain = (what: string, value: number, unit: string): Figure => ({
  what,
  value,
  unit,
  target: '',
  met: true,
});

/** A figure that must reach `target` from below. */
export const atLeast = (figure: Figure, target: number): Figure => ({
  ...figure,
  target: `≥ ${target.toLocaleString('en')}`,
  met: figure.value >= target,
});

/** A figure that must stay under `target`. */
export const atMost = (figure: Figure, target: number): Figure => ({
  ...figure,
  target: `≤ ${target.toLocaleString('en')}`,
  met: figure.value <= target,
});

/** A figure that must be `target`, no more and no less. */
export const exactly = (figure: Figure, target: number): Figure => ({
  ...figure,
  target: `= ${target.toLocaleString('en')}`,
  met: figure.value === target,
});

const shown = (value: number): string =>
  value >= 100 ? Math.round(value).toLocaleString('en') : Number(value.toPrecision(3)).toString();

const rows = (result: Result): string[] => [
  '| figure | measured | first step | met |',
  '|---|---:|---:|---|',
  ...result.figures.map(
    (figure) =>
      `| ${figure.what} | ${shown(figure.value)} ${figure.unit} | ${figure.target} | ${figure.target === '' ? '' : figure.met ? 'yes' : '**no**'} |`,
  ),
];

/** Prints the table and writes `bench/results/<workload>.json`. */
export const record = (about: Pick<Result, 'workload' | 'title' | 'setting'>, figures: Figure[]): void => {
  const { workload, title, setting } = about;
  const result: Result = {
    ...about,
    at: new Date().toISOString().slice(0, 10),
    machine: machine(),
    figures,
  };
  mkdirSync(directory, { recursive: true });
  writeFileSync(join(directory, `${workload.toLowerCase()}.json`), `${JSON.stringify(result, null, 2)}\n`);
  process.stdout.write(`\n${workload}: ${title} (${setting})\n\n${rows(result).join('\n')}\n`);
};

/** `W1` before `W1c`, `W9` before `W10`. */
const inOrder = new Intl.Collator('en', { numeric: true });

/** The tables of all recorded results, as docs/performance.md carries them. */
export const renderReport = (): string => {
  const results = readdirSync(directory)
    .filter((name) => name.endsWith('.json'))
    .map((name) => JSON.parse(readFileSync(join(directory, name), 'utf8')) as Result)
    .sort((a, b) => inOrder.compare(a.workload, b.workload));
  return results
    .map((result) => {
      const { cpu, cores, memory_gib, os, node } = result.machine;
      return [
        `### ${result.workload}: ${result.title}`,
        '',
        `${result.setting}. ${result.at}; ${cpu}, ${cores} cores, ${memory_gib} GiB, ${os}, Node ${node.slice(1)}; load generator, services, NATS and Postgres on the same cores.`,
        '',
        ...rows(result),
      ].join('\n');
    })
    .join('\n\n');
};
