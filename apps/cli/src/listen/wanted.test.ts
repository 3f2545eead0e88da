import type { PacketFeedEvent } from '#libs/sdk';
import { expect, test } from 'vitest';
import { type Asked, channelsFor, wantedName } from './wanted.js';

const event = (more: Partial<PacketFeedEvent> = {}): PacketFeedEvent => ({
  ...{
    type: 'packet.started',
    aliases: ['packet.in_progress'],
    packet_id: 'p',
    position: '0-1',
    revision: 3,
  },
  ...{ agents: [], timestamp: '2026-01-31T12:00:00.000Z' },
  data: {
    ...{ status: 'in_progress', revision: 3, root_id: 'p', claimed_by: 'b', offer: null },
    metadata: {
      source_agent: { id: 's', name: 'S' },
      target_agent: { id: 'b', name: 'B' },
      ...{ tags: ['vip', 'eu'], priority: 'high', priority_level: 8 },
    },
  },
  ...more,
});

const asked = (events: string[], filter?: Asked['filter']): Asked => ({ events, payload: 'full', filter });

test.each([
  [['*'], 'packet.started'],
  [['packet.*'], 'packet.started'],
  [['packet.in_progress'], 'packet.in_progress'],
  [['packet.in_progress', 'packet.started'], 'packet.started'],
  [['packet.completed', 'hook.disabled'], null],
])('%j asks for it as %s', (events, name) => {
  expect(wantedName(asked(events), event())).toBe(name);
});

test.each([
  [{}, true],
  [{ source_agent: 's', target_agent: 'b', tags: ['eu'], priority: 'high' as const }, true],
  [{ priority: 8 }, true],
  [{ priority: 7 }, false],
  [{ priority: 'low' as const }, false],
  [{ source_agent: 'b' }, false],
  [{ target_agent: 's' }, false],
  [{ tags: ['vip', 'us'] }, false],
])('the filter %j lets it through: %s', (filter, through) => {
  expect(wantedName(asked(['*'], filter), event()) !== null).toBe(through);
});

test('a packet without a target is not for one', () => {
  const { data } = event();
  const { target_agent: _target, ...metadata } = data.metadata;
  const untargeted = event({ data: { ...data, metadata } });
  expect(wantedName(asked(['*'], { target_agent: 'b' }), untargeted)).toBeNull();
  expect(wantedName(asked(['*'], { tags: [] }), untargeted)).toBe('packet.started');
});

test('follows no more than is asked for', () => {
  expect(channelsFor(asked(['packet.created', 'hitl.response_ready']))).toEqual([
    ...['type:packet.created', 'type:hitl.response_ready'],
  ]);
  expect(channelsFor(asked(['packet.created', 'packet.*']))).toEqual([]);
});
