import { timingSafeEqual } from 'node:crypto';
import { connect, createServer, type Server, type Socket } from 'node:net';
import { Turns, TurnTaker } from './pglite-turns.js';

interface Gate {
  port: number;
  /** The socket behind, where connections that gave the password go. */
  path: string;
  password: string;
}

const sslRequest = 80_877_103;
const longestGreeting = 10_000;
const greetingMs = 10_000;

/** Takes one message from the socket: `head` bytes before its length, which counts itself. */
const readMessage = async (socket: Socket, head: 0 | 1): Promise<Buffer> => {
  let bytes = Buffer.alloc(0);
  for (;;) {
    const chunk = socket.read() as Buffer | null;
    if (chunk === null) await readable(socket);
    else bytes = Buffer.concat([bytes, chunk]);
    if (bytes.length < head + 4) continue;
    const length = head + bytes.readInt32BE(head);
    if (length < head + 4 || length > longestGreeting) throw new Error('not a greeting of Postgres');
    if (bytes.length < length) continue;
    if (bytes.length > length) socket.unshift(bytes.subarray(length));
    return bytes.subarray(0, length);
  }
};

const readable = (socket: Socket): Promise<void> =>
  new Promise((resolve, reject) => {
    const ended = () => reject(new Error('the client left'));
    socket.once('close', ended);
    socket.once('end', ended);
    socket.once('readable', () => {
      socket.off('close', ended);
      socket.off('end', ended);
      resolve();
    });
  });

const askForPassword = Buffer.from([0x52, 0, 0, 0, 8, 0, 0, 0, 3]);

const refusal = (): Buffer => {
  const fields = Buffer.from('SFATAL\0VFATAL\0C28P01\0Mpassword authentication failed\0\0');
  const head = Buffer.alloc(5);
  head.write('E');
  head.writeInt32BE(fields.length + 4, 1);
  return Buffer.concat([head, fields]);
};

const isSame = (given: string, password: string): boolean => {
  const [left, right] = [Buffer.from(given), Buffer.from(password)];
  return left.length === right.length && timingSafeEqual(left, right);
};

/** The startup message of a client that knows the password; the others are turned away. */
const greet = async (socket: Socket, password: string): Promise<Buffer> => {
  let startup = await readMessage(socket, 0);
  if (startup.readInt32BE(4) === sslRequest) {
    socket.write('N');
    startup = await readMessage(socket, 0);
  }
  socket.write(askForPassword);
  const answer = await readMessage(socket, 1);
  if (!isSame(answer.subarray(5, -1).toString(), password)) {
    socket.end(refusal());
    throw new Error('wrong password');
  }
  return startup;
};

const letIn = async (socket: Socket, { path, password }: Gate, turns: Turns): Promise<void> => {
  socket.setNoDelay(true);
  socket.setTimeout(greetingMs, () => socket.destroy());
  const startup = await greet(socket, password);
  socket.setTimeout(0);
  const behind = connect(path);
  behind.once('error', () => socket.destroy());
  behind.once('close', () => socket.destroy());
  socket.once('close', () => behind.destroy());
  new TurnTaker(socket, behind, turns).start(startup);
};

/** Listens on the loopback port and passes on the connections that give the password. */
export const openGate = (gate: Gate): Promise<Server> =>
  new Promise((resolve, reject) => {
    const turns = new Turns();
    const server = createServer((socket) => {
      socket.on('error', () => socket.destroy());
      letIn(socket, gate, turns).catch(() => socket.destroySoon());
    });
    server.once('error', reject);
    server.listen(gate.port, '127.0.0.1', () => resolve(server));
  });
