import { connectNats, type LogHook, provision, uuidv7 } from '#libs/event-log';
import { instantAt } from '#libs/packet';
import { startServers, type TestServers } from '#libs/testing';
import type { NatsConnection } from '@nats-io/nats-core';
import { type DueTimer, Timers } from './index.js';

const quiet = (): void => undefined;
export const silent: LogHook = { debug: quiet, info: quiet, warn: quiet, error: quiet };

/** So many milliseconds from now. */
export const soon = (ms: number) => instantAt(Date.now() + ms);

/** A kind that no other test has. */
export const newKind = (): string => `test-${uuidv7()}`;

/** A NATS server that comes back when it is killed, with the product's streams. */
export class Rig {
  readonly #connections: NatsConnection[] = [];

  private constructor(readonly servers: TestServers) {}

  static async start(): Promise<Rig> {
    const rig = new Rig(await startServers({ supervise: true }));
    await provision(await rig.connect(), { durability: 'relaxed', replicas: 1 });
    return rig;
  }

  async connect(): Promise<NatsConnection> {
    const nats = await connectNats(this.servers.natsUrl, 'timers-test');
    this.#connections.push(nats);
    return nats;
  }

  /** As another process would have them. */
  async timers(): Promise<Timers> {
    return new Timers(await this.connect(), { logger: silent });
  }

  /** SIGKILL; the server is started again by its supervisor. */
  killNats(): void {
    const pid = this.servers.nats.pid();
    if (pid === undefined) throw new Error('NATS is not running');
    process.kill(pid, 'SIGKILL');
  }

  async stop(): Promise<void> {
    await Promise.all(this.#connections.map((nats) => nats.close()));
    await this.servers.stop();
  }
}

/** What a handler was given, with how late, in milliseconds: negative is early. */
export class Fired {
  readonly all: (DueTimer & { lateMs: number })[] = [];
  readonly handler = async (timer: DueTimer): Promise<void> => {
    this.all.push({ ...timer, lateMs: Date.now() - Date.parse(timer.due) });
  };

  get keys(): string[] {
    return this.all.map(({ key }) => key.join('.')).sort();
  }
}
