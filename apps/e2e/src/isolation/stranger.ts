import { type Client, createClient, smallPacket } from '#libs/testing';
import { expect } from 'vitest';
import { type Receiver, startReceiver } from '../webhook-receiver.js';
import { Asker } from './ask.js';
import { type Ear } from './ear.js';
import { NatsAsker } from './nats-asker.js';
import type { ApiOperation } from './operations.js';
import type { OwnIds } from './probes.js';

/** Somebody of another tenant, who has a little of everything, too. */
export interface Stranger {
  name: string;
  key: string;
  /** Its tenant. */
  tenant: string;
  isPlatform: boolean;
  client: Client;
  asker: Asker;
  overNats: NatsAsker;
  own: OwnIds;
  /** Live streams that are open all the time. */
  ears: Ear[];
  receiver: Receiver;
  /** Everything that it has told the server, or was told with good reason. */
  sent: Set<string>;
  stop(): Promise<void>;
}

const hitl = { reason: 'Sure?', approvers: [{ id: 'own-boss', kind: 'user' }] };

const ownIds = (client: Client, fixed: Record<string, string>): OwnIds => {
  const fresh = async () =>
    (await client.post('packets', smallPacket('own-agent', 'own-source', { hitl }))).body;
  return async (kind) => {
    if (kind === 'packet') return (await fresh()).id as string;
    if (kind === 'approval') return (await fresh()).hitl.id as string;
    return fixed[kind];
  };
};

/** The names that a stranger gives its things hold nothing of the victim's. */
export const makeStranger = async ({
  url,
  natsPort,
  key,
  isPlatform,
  knows,
}: {
  url: string;
  natsPort: number;
  key: string;
  isPlatform: boolean;
  knows: string[];
}): Promise<Stranger> => {
  const client = createClient(url, key);
  const receiver = await startReceiver();
  await client.send('PUT', 'agents/own-agent', { name: 'Own', capabilities: ['own skill'] });
  const { body: hook } = await client.post('hooks', { url: receiver.url });
  const { body: schema } = await client.post('schemas', { name: 'own', json_schema: {} });
  const { body: spare } = await client.post('keys', { name: 'own spare', role: 'agent' });
  const fixed = { agent: 'own-agent', hook: hook.id, schema: schema.id, key: spare.id };
  expect(Object.values(fixed)).not.toContain(undefined);
  const asker = new Asker(url, key);
  const { keys } = (await client.get('keys?limit=200')).body;
  const me = keys.find(({ prefix }: { prefix: string }) => key.startsWith(prefix));
  const overNats = await NatsAsker.connect(natsPort, { key, tenant: me.tenant_id, keyId: me.id });
  const ears: Ear[] = [];
  return {
    name: isPlatform ? 'the platform admin' : 'an admin of another tenant',
    ...{ key, tenant: me.tenant_id, isPlatform, client, asker, overNats, ears, receiver },
    own: ownIds(client, fixed),
    sent: new Set(knows),
    stop: async () => {
      ears.forEach((ear) => ear.close());
      receiver.stop();
      await overNats.nats.close();
      await asker.close();
      await client.close();
    },
  };
};

/** What a stranger may try: who runs the rail sees every tenant, by the routes that are for that. */
export const openTo = ({ isPlatform }: Stranger, operation: ApiOperation): boolean =>
  !operation.isPublic && !(isPlatform && operation.isPlatform);
