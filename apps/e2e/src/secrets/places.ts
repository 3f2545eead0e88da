import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { jetstreamManager } from '@nats-io/jetstream';
import type { NatsConnection, Subscription } from '@nats-io/nats-core';
import { Client } from 'pg';
import type { Places } from './find-secrets.js';

const textOf = (data: Uint8Array): string => Buffer.from(data).toString('utf8');

/** Whatever passes over NATS, stored or not. */
export class Wire {
  readonly texts: string[] = [];
  readonly #subscription: Subscription;

  constructor(nats: NatsConnection) {
    this.#subscription = nats.subscribe('>', {
      callback: (_error, message) => {
        this.texts.push(`${message.subject} ${String(message.headers ?? '')} ${textOf(message.data)}`);
      },
    });
  }

  stop(): void {
    this.#subscription.unsubscribe();
  }
}

/** Every message of every stream, buckets included, with its headers; and how the streams are set up. */
export const readStreams = async (nats: NatsConnection): Promise<Places> => {
  const manager = await jetstreamManager(nats);
  const places: Places = new Map();
  for await (const { config, state } of manager.streams.list()) {
    const texts = [JSON.stringify(config)];
    for (let seq = state.first_seq; seq <= state.last_seq; seq += 1) {
      // What was deleted is not there.
      const message = await manager.streams.getMessage(config.name, { seq }).catch(() => null);
      if (message !== null)
        texts.push(`${message.subject} ${String(message.header)} ${textOf(message.data)}`);
    }
    places.set(`the stream ${config.name}`, texts);
  }
  return places;
};

/** Every row of every table. */
export const readTables = async (url: string): Promise<Places> => {
  const client = new Client({ connectionString: url });
  await client.connect();
  try {
    const places: Places = new Map();
    const { rows: tables } = await client.query<{ name: string }>(
      `select format('%I.%I', table_schema, table_name) as name from information_schema.tables
       where table_schema not in ('pg_catalog', 'information_schema') order by 1`,
    );
    for (const { name } of tables) {
      const { rows } = await client.query<{ row: string }>(`select t::text as row from ${name} t`);
      places.set(
        `the table ${name}`,
        rows.map(({ row }) => row),
      );
    }
    return places;
  } finally {
    await client.end();
  }
};

/** Every log file below a folder. */
export const readLogFiles = (folder: string): Places =>
  new Map(
    readdirSync(folder, { recursive: true, encoding: 'utf8' })
      .filter((name) => /\.log(?:\.|$)/.test(name))
      .map((name) => [`the file ${name}`, [readFileSync(join(folder, name), 'utf8')]]),
  );
