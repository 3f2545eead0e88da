import { PassThrough } from 'node:stream';
import { describe, expect, it } from 'vitest';
import { wordsToComplete } from './complete-words.js';
import { buildProgram } from './program.js';
import { runCli } from './run-cli.js';

const memoryShell = () => {
  const streams = { stdin: new PassThrough(), stdout: new PassThrough(), stderr: new PassThrough() };
  const shell = { env: { XDG_CONFIG_HOME: '/nowhere' }, ...streams };
  const said = () => ({
    stdout: String(streams.stdout.read() ?? ''),
    stderr: String(streams.stderr.read() ?? ''),
  });
  return { shell, said };
};

const run = async (...words: string[]) => {
  const { shell, said } = memoryShell();
  const code = await runCli(words, shell);
  return { code, ...said() };
};

describe('what is given at the prompt', () => {
  it('helps, and ends with 0', async () => {
    const { code, stdout, stderr } = await run('claim', '--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('--agent-name <name>');
  });

  it('ends with 2 and the commands when none is named', async () => {
    const { code, stdout, stderr } = await run();
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain('Hand over:');
  });

  it('names the command whose help is meant', async () => {
    expect(await run('claim', 'x')).toEqual({
      code: 2,
      stdout: '',
      stderr: "error: required option '--agent-id <id>' not specified\nnext: See handoffrail claim --help\n",
    });
  });

  it('tells a program in JSON', async () => {
    const { code, stderr } = await run('get', 'x', '--json');
    expect(code).toBe(2);
    expect(JSON.parse(stderr)).toEqual({
      error: {
        code: 'usage',
        message: 'There is no API key for http://localhost:8080.',
        next: 'Log in with `handoffrail login`, or set HANDOFFRAIL_API_KEY.',
      },
    });
  });

  it('takes a flag after -- for a word of somebody else', async () => {
    expect((await run('work', '--agent-id', 'x', '--', 'echo', '--json')).stderr).toMatch(
      /^error: There is no API key/,
    );
  });
});

describe('every command', () => {
  const program = buildProgram(memoryShell().shell, () => undefined);
  const all = (of = program): (typeof program)[] => of.commands.flatMap((one) => [one, ...all(one)]);

  it('says what it does and stands under a heading', () => {
    for (const command of all().filter((one) => !one.name().startsWith('__')))
      expect(command.description(), command.name()).not.toBe('');
    for (const command of program.commands.filter((one) => !one.name().startsWith('__')))
      expect(command.helpGroup(), command.name()).toMatch(/:$/);
  });

  it('takes no flag that hides one of all commands', () => {
    const global = program.options.flatMap(({ long, short }) => [long, short]).filter(Boolean);
    for (const command of all())
      for (const { long, short, flags } of command.options)
        expect(
          [long, short].some((name) => global.includes(name)),
          `${command.name()} ${flags}`,
        ).toBe(false);
  });
});

describe('completion', () => {
  const program = buildProgram(memoryShell().shell, () => undefined);

  it.each([
    [['claim'], ['claim', 'claim-next']],
    [
      ['completion', ''],
      ['bash', 'zsh', 'fish'],
    ],
    [['history', '--f'], ['--follow']],
    [
      ['list', '--order', ''],
      ['asc', 'desc'],
    ],
    [['list', '--tag', ''], []],
    [['work', '--agent-id', 'x', '--', 'c'], []],
    [['__'], []],
  ])('of %j', (words, found) => {
    expect(wordsToComplete(program, words)).toEqual(found);
  });
});
