import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { read, root } from '../docs/files.mjs';

/** The program, as it is installed. */
export const program = join(root, JSON.parse(read('package.json')).bin.handoffrail);

const quoted = (word) => (/^[\w@./:-]+$/.test(word) ? word : JSON.stringify(word));

const started = (words, { url, key }) => {
  const child = spawn(process.execPath, [program, ...words], {
    env: {
      PATH: process.env.PATH,
      XDG_CONFIG_HOME: '/nonexistent',
      HANDOFFRAIL_URL: url,
      HANDOFFRAIL_API_KEY: key,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const told = { text: '' };
  for (const stream of [child.stdout, child.stderr])
    stream.setEncoding('utf8').on('data', (text) => (told.text += text));
  return { child, told, closed: once(child, 'close') };
};

const ended = async (words, rail) => {
  const { child, told, closed } = started(words, rail);
  await closed;
  if (child.exitCode !== 0) throw new Error(`${words.join(' ')} ended with ${child.exitCode}: ${told.text}`);
  return told.text.trimEnd();
};

/** A shell on a rail: each command with what it printed, as a terminal shows them. */
export const shellOf = (rail) => ({
  run: async (...words) => `$ handoffrail ${words.map(quoted).join(' ')}\n${await ended(words, rail)}`,
  start: (...words) => {
    const { child, told, closed } = started(words, rail);
    return {
      said: async (pattern) => {
        const end = Date.now() + 20_000;
        while (!pattern.test(told.text)) {
          if (Date.now() > end) throw new Error(`${words.join(' ')} said only: ${told.text}`);
          await delay(50);
        }
      },
      stopped: async () => {
        child.kill('SIGINT');
        await closed;
        return `$ handoffrail ${words.join(' ')}\n${told.text.trimEnd()}`;
      },
    };
  },
});
