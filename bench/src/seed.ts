import { connectNats, handleCommand, newTraceId, PacketLog, provision, uuidv7 } from '#libs/event-log';
import {
  type CommandId,
  instantAt,
  normalizeNewPacket,
  type PacketId,
  type Principal,
  type TenantId,
} from '#libs/packet';
import { realisticPacket } from '#libs/testing';

const tenant = 'default' as TenantId;
const principal: Principal = { tenant_id: tenant, key_id: 'seed', role: 'admin', type: 'system' };
const silent = { debug: () => {}, info: () => {}, warn: () => {}, error: () => {} };

const metaOf = (packet_id: PacketId) => ({
  command_id: uuidv7() as CommandId,
  tenant_id: tenant,
  packet_id,
  principal,
  traceparent: `00-${newTraceId()}-00f067aa0ba902b7-00`,
});

const create = async (log: PacketLog, serial: number): Promise<PacketId> => {
  const id = uuidv7() as PacketId;
  const packet = normalizeNewPacket(realisticPacket(serial), { now: instantAt(Date.now()) });
  const data = { packet, trace_id: newTraceId(), approval_id: uuidv7() };
  const reply = await handleCommand(log, { type: 'create', meta: metaOf(id), data });
  if (reply.outcome !== 'accepted') throw new Error(`seeding stopped: ${JSON.stringify(reply)}`);
  return id;
};

const claim = (log: PacketLog, id: PacketId) =>
  handleCommand(log, {
    type: 'claim',
    meta: metaOf(id),
    data: { agent: { id: 'billing-01', name: 'BillingBot' }, claim_id: uuidv7() },
  });

export interface SeedOptions {
  durability?: 'strict' | 'relaxed';
  /** Every so manieth packet is claimed; 0: none. Default 4. */
  claimEvery?: number;
}

/** Fills the log with packets through the command handler itself; gives their ids. */
export const seedLog = async (
  natsUrl: string,
  packets: number,
  { durability = 'relaxed', claimEvery = 4 }: SeedOptions = {},
): Promise<PacketId[]> => {
  const nc = await connectNats(natsUrl, 'seed');
  await provision(nc, { durability, replicas: 1 });
  const log = new PacketLog(nc, { logger: silent });
  const ids: PacketId[] = [];
  let serial = 0;
  const loop = async () => {
    while (serial < packets) {
      const mine = serial++;
      const id = await create(log, mine);
      if (claimEvery > 0 && mine % claimEvery === 0) await claim(log, id);
      ids.push(id);
      if (ids.length % 100_000 === 0) process.stderr.write(`seeded ${ids.length.toLocaleString('en')}\n`);
    }
  };
  await Promise.all(Array.from({ length: 128 }, loop));
  log.close();
  await nc.drain();
  return ids;
};
