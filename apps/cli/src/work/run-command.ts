import { type ChildProcess, spawn } from 'node:child_process';

export interface CommandToRun {
  command: string;
  args: string[];
  env: Readonly<Record<string, string | undefined>>;
  /** Goes to its standard input. */
  input: string;
  /** Ends it, and whatever it has started. */
  signal: AbortSignal;
  /** Hears what it says on stderr. */
  onNote: (text: string) => void;
}

export interface CommandEnd {
  /** Null when a signal ended it. */
  exitCode: number | null;
  signalName: string | null;
  stdout: string;
  /** The last of it. */
  stderr: string;
}

/** A command that printed more than any result may hold. */
export class TooMuchOutput extends Error {}

const mostOutput = 16 * 1024 * 1024;
const keptOfStderr = 4_000;
const patienceMs = 5_000;

// A group of its own: Ctrl-C is for the worker, which lets the work come to its end.
const ownGroup = process.platform !== 'win32';

const kill = (child: ChildProcess, signal: NodeJS.Signals): void => {
  if (child.pid === undefined) return;
  try {
    if (ownGroup) process.kill(-child.pid, signal);
    else child.kill(signal);
  } catch {
    // It is gone already.
  }
};

/** Tells the child to end, and ends it when it does not. The answer undoes all that. */
const endWith = (child: ChildProcess, signal: AbortSignal): (() => void) => {
  let late: ReturnType<typeof setTimeout> | undefined;
  const end = () => {
    kill(child, 'SIGTERM');
    late = setTimeout(() => kill(child, 'SIGKILL'), patienceMs);
  };
  const abandon = () => kill(child, 'SIGKILL');
  if (signal.aborted) end();
  else signal.addEventListener('abort', end, { once: true });
  process.once('exit', abandon);
  return () => {
    clearTimeout(late);
    signal.removeEventListener('abort', end);
    process.off('exit', abandon);
  };
};

/**
 * Runs a program with an input, to its end.
 * @throws the error of starting it (`code` ENOENT for example), TooMuchOutput
 */
export const runCommand = ({
  command,
  args,
  env,
  input,
  signal,
  onNote,
}: CommandToRun): Promise<CommandEnd> =>
  new Promise((resolve, reject) => {
    const child = spawn(command, args, { env, detached: ownGroup, stdio: ['pipe', 'pipe', 'pipe'] });
    const undo = endWith(child, signal);
    const said: Buffer[] = [];
    let size = 0;
    let stderr = '';
    let tooMuch: TooMuchOutput | undefined;
    child.stdout.on('data', (piece: Buffer) => {
      size += piece.length;
      if (size <= mostOutput) said.push(piece);
      else if (!tooMuch) {
        tooMuch = new TooMuchOutput(`It printed more than ${mostOutput} bytes.`);
        kill(child, 'SIGKILL');
      }
    });
    child.stderr.on('data', (piece: Buffer) => {
      stderr = (stderr + piece.toString()).slice(-keptOfStderr);
      onNote(piece.toString());
    });
    // It need not read what it was given.
    child.stdin.on('error', () => undefined);
    child.stdin.end(input);
    child.once('error', (error) => {
      undo();
      reject(error);
    });
    child.once('close', (exitCode, signalName) => {
      undo();
      if (tooMuch) reject(tooMuch);
      else resolve({ exitCode, signalName, stdout: Buffer.concat(said).toString('utf8'), stderr });
    });
  });
