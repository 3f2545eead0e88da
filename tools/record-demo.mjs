// `npm run demo:record` plays the demo of the CLI on a real rail, by the real programs, and writes what a reader
// would see to docs/demo.md. With --check nothing is written, and a demo that went otherwise is a fault.
import { exists, read, write } from './docs/files.mjs';
import { startedRail } from './demo/rail.mjs';
import { likeAlways } from './demo/like-always.mjs';
import { shellOf } from './demo/shell.mjs';

const path = 'docs/demo.md';

const head = `# The demo, as it runs

<!-- Recorded by npm run demo:record. -->

What a terminal shows, in plain text: recorded by a script that runs the rail and the program; only ids, times and ages are made the same each time. On your machine it is \`handoffrail demo\`, or \`npm run build\` and \`node dist/apps/handoffrail/main.js demo\` in a clone.

`;

// The list at its end names each packet.
const idIn = (printed, summary) => {
  const line = printed.split('\n').find((one) => one.includes(summary));
  if (line === undefined) throw new Error(`The demo has no packet "${summary}".`);
  return line.split(' ')[0];
};

const play = async (shell) => {
  const watching = shell.start('watch', '--cursor', '0-0');
  const demo = await shell.run('demo');
  const upgrade = idIn(demo, 'wants the pro plan');
  const open = idIn(demo, 'Close the account');
  const steps = [
    demo,
    await shell.run('history', upgrade),
    await shell.run('lineage', upgrade),
    await shell.run('approvals'),
    await shell.run(
      'respond',
      open,
      '--response',
      'Denied',
      '--decision',
      'deny',
      '--responded-by',
      'you@company.com',
    ),
  ];
  await watching.said(/approval_responded[^]*approval_responded/);
  return { steps, watched: await watching.stopped() };
};

const asBlock = (text) => `\`\`\`console\n${text}\n\`\`\``;

const recorded = async () => {
  const rail = await startedRail();
  try {
    const { steps, watched } = await play(shellOf(rail));
    const parts = [...steps.map(asBlock), '## What another terminal showed meanwhile', asBlock(watched)];
    return likeAlways(`${head}${parts.join('\n\n')}\n`);
  } finally {
    await rail.stop();
  }
};

const text = await recorded();
if (!process.argv.includes('--check')) write(path, text);
else if (!exists(path) || read(path) !== text) {
  console.error(`${path} is not what the demo shows: run npm run demo:record, and read what has changed`);
  console.error(text);
  process.exitCode = 1;
}
