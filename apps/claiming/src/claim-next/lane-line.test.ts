import type { PacketId } from '#libs/packet';
import type { WaitingPacket } from '#libs/read-models';
import { beforeEach, describe, expect, it } from 'vitest';
import { LaneLine } from './lane-line.js';
import { Taken } from './taken.js';
import { Turns } from './turns.js';

const now = 1_000_000_000;
const options = { now, ageingMs: 600_000, turns: new Turns() };

const waiting = (id: string, level = 5): WaitingPacket => ({
  id: id as PacketId,
  lane: 0,
  level,
  source: 'a',
  deadline: null,
  offered_at: now - 1_000 + Number(id),
  position: Number(id),
  not_for: null,
});
const packets = (...ids: string[]) => ids.map((id) => waiting(id));

describe('the head of a lane, read on while it is used', () => {
  let taken: Taken;
  let lane: LaneLine;

  /** Takes what stands first, as often as asked for. */
  const take = (most = 1): string[] =>
    Array.from({ length: most }).flatMap(() => {
      const { candidate } = lane.first('bob', options);
      if (candidate === undefined) return [];
      taken.add(candidate, 1_000);
      return [candidate.id];
    });

  beforeEach(() => {
    taken = new Taken();
    lane = new LaneLine({ pool: 'open', tags: [], agent: null }, taken);
    lane.startReading();
    lane.fill(packets('1', '2', '3', '4'), options);
  });

  it('is low when more than half of it is given away', () => {
    take(2);
    expect(lane.isLow).toBe(false);
    take();
    expect(lane.isLow).toBe(true);
    expect(lane.isUsedUp).toBe(false);
  });

  it('goes on as it was while it is read, and gives nothing twice afterwards', () => {
    lane.startReading();
    expect(take(2)).toEqual(['1', '2']);
    lane.fill(packets('1', '2', '3', '4', '5'), options);
    expect(take(9)).toEqual(['3', '4', '5']);
  });

  it('has what is told meanwhile at once, and still when what was read does not hold it', () => {
    lane.startReading();
    lane.add(waiting('7', 9), options);
    lane.add(waiting('6'), options);
    expect(take()).toEqual(['7']);
    lane.fill(packets('1', '2', '3', '4'), options);
    expect(take(9)).toEqual(['1', '2', '3', '4', '6']);
  });

  it('is stale when it could not be read, and takes nothing in until it was', () => {
    lane.startReading();
    lane.add(waiting('6'), options);
    lane.giveUp();
    expect(lane.isStale).toBe(true);
    lane.startReading();
    lane.fill(packets('6'), options);
    expect(take(9)).toEqual(['6']);
  });
});
