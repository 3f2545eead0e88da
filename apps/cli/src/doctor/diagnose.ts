import type { SystemHealthDocument, UsageDocument } from '#libs/sdk';
import { exitCodes } from '../exit-codes.js';
import { exitCodeOf } from '../report-error.js';
import type { Settings } from '../settings.js';
import { version } from '../version.js';
import type { Check, Diagnosis, Permissions } from './check.js';
import { type Asked, Probe } from './probe.js';

const noticedSeconds = 5;
// What webhooks are let differ is five minutes; leases and deadlines notice sooner.
const tooMuchSeconds = 60;

const serverCheck = ({ error, ms }: Asked<unknown>): Check => {
  const name = 'server';
  const unreachable = error !== undefined && exitCodeOf(error) === exitCodes.unreachable;
  const next = 'Start a rail with `handoffrail serve`, or say where it is: --url or HANDOFFRAIL_URL.';
  if (unreachable) return { name, state: 'failed', detail: error.message, next };
  if (error?.status !== undefined && error.status >= 500)
    return { name, state: 'failed', detail: error.message, next: 'Look at the logs of the server.' };
  return { name, state: 'ok', detail: `It answers in ${ms} ms.` };
};

const keyCheck = ({ error }: Asked<UsageDocument>, apiKey: string | undefined): Check => {
  const name = 'key';
  const next = 'Log in with a key that is valid: handoffrail login';
  if (apiKey === undefined) return { name, state: 'failed', detail: 'There is no API key.', next };
  if (error?.status === 401) return { name, state: 'failed', detail: error.message, next };
  if (error?.status === 429) return { name, state: 'warning', detail: error.message };
  if (error) return { name, state: 'failed', detail: error.message };
  return { name, state: 'ok', detail: 'The server knows it.' };
};

const clockCheck = ({ aheadSeconds }: Asked<unknown>): Check => {
  const name = 'clock';
  if (aheadSeconds === undefined)
    return { name, state: 'unknown', detail: 'The server does not say its time.' };
  const difference = Math.abs(aheadSeconds);
  if (difference < noticedSeconds) return { name, state: 'ok', detail: 'Both clocks show the same time.' };
  const side = aheadSeconds > 0 ? 'ahead of' : 'behind';
  const detail = `The server's clock is ${difference} s ${side} the one here.`;
  const next = 'Set both clocks by NTP: deadlines, leases and signatures go by them.';
  return { name, state: difference < tooMuchSeconds ? 'warning' : 'failed', detail, next };
};

const readsCheck = ({ error, stale }: Asked<unknown>): Check => {
  const name = 'reads';
  if (error) return { name, state: 'failed', detail: error.message };
  if (!stale) return { name, state: 'ok', detail: 'Lists and searches show everything.' };
  const next = 'Wait a little and look again; the operator sees the lag with a key of a platform admin.';
  return { name, state: 'warning', detail: 'Lists and searches are behind what was written.', next };
};

const wordsFor: [may: keyof Permissions, words: string][] = [
  ['read', 'read'],
  ['work', 'work as an agent'],
  ['write', 'hand over'],
  ['administer', 'administer its tenant'],
  ['operate', 'operate the rail'],
];

const permissionsCheck = (may: Permissions): Check => {
  const allowed = wordsFor.filter(([name]) => may[name]).map(([, words]) => words);
  return { name: 'permissions', state: 'ok', detail: `The key may ${allowed.join(', ')}.` };
};

const unknownToMost = 'Only a key of a platform admin may ask.';

const brokenParts = ({ checks }: SystemHealthDocument): string[] =>
  Object.entries(checks)
    .filter(([, check]) => (check as { ok?: unknown }).ok !== true)
    .map(([name]) => name);

const partsCheck = (health: SystemHealthDocument): Check => {
  const broken = brokenParts(health);
  const names = Object.keys(health.checks).join(', ');
  if (broken.length === 0 && health.status === 'ok')
    return { name: 'parts', state: 'ok', detail: `All of it works: ${names}.` };
  const detail = `Not well: ${broken.join(', ') || health.status}.`;
  return { name: 'parts', state: 'failed', detail, next: 'Look at the logs of the server, and at /health.' };
};

const lagCheck = ({ lag_events }: SystemHealthDocument): Check => {
  const name = 'lag';
  if (lag_events === null)
    return { name, state: 'failed', detail: 'How far the read models are cannot be told.' };
  if (lag_events === 0) return { name, state: 'ok', detail: 'The read models hold everything.' };
  const detail = `The read models are ${lag_events} events behind.`;
  return { name, state: 'warning', detail, next: 'Look again: the number should fall.' };
};

const versionsCheck = ({ versions }: SystemHealthDocument): Check => {
  const name = 'versions';
  const { handoffrail, node, nats, postgres } = versions;
  const detail = `Server ${handoffrail}, this program ${version}; Node ${node}, NATS ${nats ?? '-'}, Postgres ${postgres ?? '-'}.`;
  if (handoffrail === version) return { name, state: 'ok', detail };
  return { name, state: 'warning', detail, next: 'Use the handoffrail that belongs to the server.' };
};

const insideChecks = ({ answer, error }: Asked<SystemHealthDocument>): Check[] => {
  if (answer) return [versionsCheck(answer), partsCheck(answer), lagCheck(answer)];
  const unasked = error?.status === 403;
  const detail = unasked ? unknownToMost : (error?.message ?? 'No answer.');
  return ['versions', 'parts', 'lag'].map((name) => ({
    name,
    state: unasked ? 'unknown' : 'failed',
    detail,
  }));
};

const isLet = ({ error }: Asked<unknown>): boolean => error?.code !== 'forbidden';

/** Asks with the least that each role may ask, and changes nothing. */
const permissionsOf = async (probe: Probe, health: Asked<unknown>): Promise<Permissions> => {
  // A preview of nothing is refused as such, by a key that may ask at all.
  const work = await probe.ask((rail, options) => rail.routing.preview({} as never, options));
  const write = await probe.ask((rail, options) => rail.webhooks.list({ limit: 1 }, options));
  const administer = await probe.ask((rail, options) => rail.keys.list({ limit: 1 }, options));
  const [mayWork, mayWrite, mayAdminister] = [work, write, administer].map(isLet) as [
    boolean,
    boolean,
    boolean,
  ];
  return { read: true, work: mayWork, write: mayWrite, administer: mayAdminister, operate: isLet(health) };
};

const told = (url: string, checks: Check[], may: Permissions | null): Diagnosis => {
  const ok = checks.every(({ state }) => state !== 'failed');
  return { ok, url, checks, may, exit_code: ok ? 0 : exitCodes.refused };
};

/** Looks at a rail from outside, step by step; where one step fails those that stand on it are left out. */
export const diagnose = async (settings: Settings): Promise<Diagnosis> => {
  const { baseUrl, apiKey } = settings;
  const probe = await Probe.of(settings);
  const usage = await probe.ask((rail, options) => rail.getUsage(options));
  const server = serverCheck(usage);
  if (server.state === 'failed')
    return { ...told(baseUrl, [server], null), exit_code: exitCodeOf(usage.error) };
  const outside = [server, clockCheck(usage), keyCheck(usage, apiKey)];
  if (usage.error) return told(baseUrl, outside, null);
  const stats = await probe.ask((rail, options) => rail.getStats(options));
  const health = await probe.ask((rail, options) => rail.getSystemHealth(options));
  const may = await permissionsOf(probe, health);
  const inside = [readsCheck(stats), permissionsCheck(may), ...insideChecks(health)];
  return told(baseUrl, [...outside, ...inside], may);
};
