import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';

/** Latencies of one run, in milliseconds. */
export class Latencies {
  private readonly values: number[] = [];

  add(ms: number): void {
    this.values.push(ms);
  }

  get count(): number {
    return this.values.length;
  }

  /** The value below which the share `quantile` (0-1) lies; 0 when nothing was measured. */
  quantile(quantile: number): number {
    const sorted = [...this.values].sort((a, b) => a - b);
    return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * quantile))] ?? 0;
  }
}

/** Runs `step` on `workers` loops at once until `seconds` are over; gives the number of steps per second. */
export const drive = async (
  options: { workers: number; seconds: number },
  step: (worker: number) => Promise<void>,
): Promise<number> => {
  const start = performance.now();
  const end = start + options.seconds * 1000;
  let steps = 0;
  const loop = async (worker: number) => {
    while (performance.now() < end) {
      await step(worker);
      steps += 1;
    }
  };
  await Promise.all(Array.from({ length: options.workers }, (_, worker) => loop(worker)));
  return steps / ((performance.now() - start) / 1000);
};

/** Times one call. */
export const timed = async <T>(latencies: Latencies, call: () => Promise<T>): Promise<T> => {
  const start = performance.now();
  const value = await call();
  latencies.add(performance.now() - start);
  return value;
};

/** The middle value. */
export const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0;

/** Resident memory of a process in MiB, as Linux counts it. */
export const residentMiB = (pid: number): number =>
  Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0) / 1024;

/** Time that a process has spent on the processors, in milliseconds, as Linux counts it: in steps of 10. */
export const cpuMs = (pid: number): number => {
  const fields = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ')[1]?.split(' ') ?? [];
  return (Number(fields[11]) + Number(fields[12])) * 10;
};

/** What the figures were measured on. */
export const machine = () => ({
  cpu: cpus()[0]?.model ?? 'unknown',
  cores: cpus().length,
  memory_gib: Math.round(totalmem() / 2 ** 30),
  os: `${type()} ${release().split('-')[0]}`,
  node: process.version,
});
