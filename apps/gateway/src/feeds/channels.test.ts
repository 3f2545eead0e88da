import type { FeedMessage } from '#libs/contracts';
import { describe, expect, it } from 'vitest';
import { keysOf, parseChannel, splitChannels } from './channels.js';
import { FeedFrame, sseFrame } from './feed-frame.js';

const id = '019ab2f4-6f3e-7c11-9d57-3f7e8a1c2b60';
const message = {
  type: 'packet.progressed',
  aliases: ['packet.in_progress'],
  packet_id: id,
  position: '0-a',
  revision: 3,
  agents: ['a', 'b'],
  data: { status: 'in_progress', root_id: id },
  timestamp: '2026-01-31T12:00:00.000Z',
} as unknown as FeedMessage;

describe('channels', () => {
  it.each([
    ['*', '*'],
    ['status:created', 'status:created'],
    ['type:packet.claimed', 'type:packet.claimed'],
    ['type:hitl.response_ready', 'type:hitl.response_ready'],
    ['type:hook.disabled', 'type:hook.disabled'],
    [`packet:${id.toUpperCase()}`, `packet:${id}`],
    [`root:${id}`, `root:${id}`],
    ['agent:a:b,c', 'agent:a:b,c'],
    ['', null],
    ['status', null],
    ['status:', null],
    ['status:toString', null],
    ['type:packet.*', null],
    ['packet:1', null],
    ['agent:', null],
    [`agent:${'x'.repeat(257)}`, null],
    ['__proto__:x', null],
    [':x', null],
  ])('%s is %s', (text, channel) => {
    expect(parseChannel(text)).toBe(channel);
  });

  it('are separated by commas, but where a comma is part of an id', () => {
    expect(splitChannels(['agent:a,b', 'status:created,*,type:x'])).toEqual([
      'agent:a,b',
      'status:created',
      '*',
      'type:x',
    ]);
  });

  it('of an event are all that it may be asked by', () => {
    expect(keysOf(message).sort()).toEqual(
      [
        '*',
        'agent:a',
        'agent:b',
        `packet:${id}`,
        `root:${id}`,
        'status:in_progress',
        'type:packet.in_progress',
        'type:packet.progressed',
      ].sort(),
    );
  });
});

describe('a frame', () => {
  it('is one event with its cursor, and knows what it follows on', () => {
    const frame = FeedFrame.of(message);
    expect(frame).toMatchObject({ sequence: 10, previous: 9 });
    expect(FeedFrame.read(JSON.stringify(message), '0-3').previous).toBe(3);
    expect(String(frame.sse)).toBe(`id: 0-a\nevent: packet.progressed\ndata: ${JSON.stringify(message)}\n\n`);
    expect(frame.isOn(new Set(['agent:c', 'status:in_progress']))).toBe(true);
    expect(frame.isOn(new Set(['agent:c']))).toBe(false);
  });

  it('of what is not on the log has no cursor', () => {
    const frame = FeedFrame.read('{"type":"hook.disabled","hook_id":"h"}', undefined);
    expect(frame.sequence).toBe(0);
    expect(String(frame.sse)).toBe('event: hook.disabled\ndata: {"type":"hook.disabled","hook_id":"h"}\n\n');
    expect(frame.isOn(new Set(['type:hook.disabled']))).toBe(true);
    expect(frame.isOn(new Set(['status:created']))).toBe(false);
  });

  it('cannot be broken out of by what stands in it', () => {
    expect(sseFrame('a\nid: 9', 'x\r\ny')).toBe('event: a id: 9\ndata: x  y\n\n');
  });
});
