import { createInterface } from 'node:readline/promises';
import { Writable } from 'node:stream';
import type { Shell } from './shell.js';

/** Asks at the terminal for what is not to be seen on it. */
export const askSecret = async (question: string, { stdin, stderr }: Shell): Promise<string> => {
  // Readline shows what is typed where it writes to.
  const nowhere = new Writable({ write: (_chunk, _encoding, done) => done() });
  const lines = createInterface({ input: stdin, output: nowhere, terminal: true });
  const interrupted = new Promise<string>((_resolve, reject) =>
    lines.once('SIGINT', () => reject(new DOMException('Interrupted.', 'AbortError'))),
  );
  stderr.write(question);
  try {
    return await Promise.race([lines.question(''), interrupted]);
  } finally {
    lines.close();
    stderr.write('\n');
  }
};
