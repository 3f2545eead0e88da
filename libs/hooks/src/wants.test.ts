import { currentSchema, eventAliases } from '#libs/packet';
import { describe, expect, it } from 'vitest';
import { endpoint } from './hooks.features.js';
import { type Happening, type HookFilter, wants } from './index.js';

const metadata = {
  source_agent: { id: 'ana', name: 'Ana' },
  target_agent: { id: 'bo', name: 'Bo' },
  tags: ['x', 'y'],
  priority: 'high',
  priority_level: 7,
} as const satisfies object;
const about = (names: Happening['names'], more: object = {}): Happening => ({
  names,
  metadata: { ...metadata, tags: [...metadata.tags], ...more },
});
const asks = (events: string[], happening: Happening) => wants(endpoint({ events }), happening);

describe('what an endpoint wants', () => {
  const started = about(['packet.started', 'packet.in_progress']);
  const answered = about(['packet.approval_responded', 'hitl.response_ready']);

  it('is what it names, under the name that it knows', () => {
    expect(asks(['packet.started'], started)).toBe('packet.started');
    expect(asks(['packet.in_progress'], started)).toBe('packet.in_progress');
    expect(asks(['packet.in_progress', 'packet.started'], started)).toBe('packet.started');
    expect(asks(['hitl.response_ready'], answered)).toBe('hitl.response_ready');
    expect(asks(['packet.completed', 'packet.in_progress'], answered)).toBeNull();
    expect(asks(['packet.start'], started)).toBeNull();
  });

  it('is every event of packets with packet.*, by its own type, and all there is with *', () => {
    for (const type of Object.keys(currentSchema)) {
      expect(asks(['packet.*'], about([type]))).toBe(type);
      expect(asks(['*'], about([type, ...eventAliases]))).toBe(type);
    }
    const disabled: Happening = { names: ['hook.disabled'] };
    expect(asks(['*'], disabled)).toBe('hook.disabled');
    expect(asks(['hook.disabled'], disabled)).toBe('hook.disabled');
    expect(asks(['packet.*'], disabled)).toBeNull();
  });

  it.each<[HookFilter, boolean]>([
    [{}, true],
    [{ source_agent: 'ana' }, true],
    [{ source_agent: 'bo' }, false],
    [{ target_agent: 'bo' }, true],
    [{ target_agent: 'ana' }, false],
    [{ tags: ['y'] }, true],
    [{ tags: ['y', 'x'] }, true],
    [{ tags: ['x', 'z'] }, false],
    [{ priority: 'high' }, true],
    [{ priority: 'normal' }, false],
    [{ priority: 7 }, true],
    [{ priority: 8 }, false],
    [{ source_agent: 'ana', target_agent: 'bo', tags: ['x'], priority: 7 }, true],
    [{ source_agent: 'ana', target_agent: 'bo', tags: ['x'], priority: 'low' }, false],
  ])('with %j: %s', (filter, is) => {
    const one = endpoint({ events: ['packet.*'], filter });
    expect(wants(one, started)).toBe(is ? 'packet.started' : null);
  });

  it('with a filter for a target is nothing of a packet that has none', () => {
    const one = endpoint({ filter: { target_agent: 'bo' } });
    expect(wants(one, { names: ['packet.created'], metadata: withoutTarget() })).toBeNull();
    expect(wants(one, { names: ['hook.disabled'] })).toBe('hook.disabled');
  });
});

const withoutTarget = (): NonNullable<Happening['metadata']> => {
  const { target_agent: _, ...rest } = metadata;
  return { ...rest, tags: [...rest.tags] };
};
