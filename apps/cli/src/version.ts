import { readFileSync } from 'node:fs';

const file = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');

/** Of this program. */
export const { version } = JSON.parse(file) as { version: string };
