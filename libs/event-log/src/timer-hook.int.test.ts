import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { PacketTimer, PacketTimerId } from '#libs/packet';
import {
  chain,
  claim,
  create,
  newPacket,
  newPacketId,
  packetOf,
  request,
  Rig,
  tenant,
} from './given.features.js';
import { handleCommand, LogUnavailable } from './index.js';
import type { PacketLog, TimerHook } from './index.js';

/** What the log told of timers, beside what it had appended by then. */
class Told implements TimerHook {
  steps: { what: 'set' | 'cancel'; timers: PacketTimerId[]; sequence: number }[] = [];
  fails = false;
  log: PacketLog | undefined;

  async set(...timers: PacketTimer[]): Promise<void> {
    this.steps.push({ what: 'set', timers, sequence: (await this.log?.lastSequence()) ?? 0 });
    if (this.fails) throw new LogUnavailable('The timers are away.');
  }

  cancel(...timers: PacketTimerId[]): void {
    if (timers.length > 0) this.steps.push({ what: 'cancel', timers, sequence: -1 });
  }
}

describe('the timers of a command', () => {
  let rig: Rig;
  let log: PacketLog;
  const told = new Told();

  beforeAll(async () => {
    rig = await Rig.start();
    log = await rig.log({ timers: told });
    told.log = log;
  });
  beforeEach(() => {
    told.steps = [];
    told.fails = false;
  });
  afterAll(() => rig.stop());

  const leased = (packet_id: ReturnType<typeof newPacketId>, claim_id = 'claim-1') =>
    request('claim', { agent: { id: 'bo', name: 'BO' }, claim_id, lease_seconds: 60 }, { packet_id });
  const living = (packet_id: ReturnType<typeof newPacketId>) => {
    const packet = newPacket();
    const expires_at = '2099-01-01T00:00:00.000Z' as never;
    const data = {
      packet: { ...packet, terms: { ...packet.terms, expires_at } },
      trace_id: 'f'.repeat(32),
      approval_id: 'a',
    };
    return request('create', data, { packet_id });
  };

  it('are stored before its event, and taken back after it', async () => {
    const packet_id = newPacketId();
    await handleCommand(log, create({ packet_id }));
    expect(told.steps).toEqual([]);
    const before = await log.lastSequence();
    const claimed = packetOf(await handleCommand(log, leased(packet_id)));
    const key = [tenant, packet_id, 'claim-1'];
    expect(told.steps).toEqual([
      {
        what: 'set',
        timers: [{ kind: 'lease', key, at: claimed.claim?.lease_expires_at }],
        sequence: before,
      },
    ]);
    await handleCommand(log, request('complete', { result: 1 }, { packet_id, claim_id: 'claim-1' }));
    expect(told.steps.slice(1)).toEqual([{ what: 'cancel', timers: [{ kind: 'lease', key }], sequence: -1 }]);
  });

  it('that cannot be stored leave it undone', async () => {
    const packet_id = newPacketId();
    await handleCommand(log, create({ packet_id }));
    told.fails = true;
    expect(await handleCommand(log, leased(packet_id))).toMatchObject({
      outcome: 'fault',
      code: 'unavailable',
    });
    expect((await log.load(tenant, packet_id)).packet.status).toBe('created');
    told.fails = false;
    expect(await handleCommand(log, claim({ packet_id }))).toMatchObject({ outcome: 'accepted' });
  });

  it('of a chain are those of the parent and of the child', async () => {
    const [parent, child] = [newPacketId(), newPacketId()];
    await handleCommand(log, living(parent));
    told.steps = [];
    const plain = chain({ packet_id: parent }, child);
    if (plain.type !== 'chain') throw new Error('no chain');
    const terms = { ...plain.data.child.terms, expires_at: '2098-01-01T00:00:00.000Z' as never };
    packetOf(
      await handleCommand(log, { ...plain, data: { ...plain.data, child: { ...plain.data.child, terms } } }),
    );
    expect(told.steps.map(({ what, timers }) => [what, timers.map(({ key }) => key[1])])).toEqual([
      ['set', [child]],
    ]);
  });

  it('that came with a lost race are taken back by nobody and hurt nobody', async () => {
    const packet_id = newPacketId();
    const other = await rig.log();
    await handleCommand(log, create({ packet_id }));
    await handleCommand(other, claim({ packet_id }, 'bo'));
    expect(await handleCommand(log, leased(packet_id, 'late'))).toMatchObject({ quiet: true });
    expect(told.steps.map(({ what, timers }) => [what, timers[0]?.key[2]])).toEqual([['set', 'late']]);
  });
});
