import { describe, expect, it } from 'vitest';
import { eventsFollowing } from './following.js';
import { projectHistory } from './history/project.js';
import { jsonRow } from './json-rows.js';
import type { LoggedEvent } from './logged-event.js';
import { acme, idOf, RecordedLog } from './recorded.features.js';
import { projectSearch } from './search/project.js';
import { projectTags } from './tags/project.js';

describe('the tags', () => {
  it('are written when they change', () => {
    const log = new RecordedLog();
    const id = log.create({ metadata: { tags: ['a'] } });
    log.claim(id);
    log.record('packet.updated', { id }, { patch: { metadata: { tags: ['b', 'c'] } } });
    const row = { tenant_id: acme, packet_id: id, created_at: '2026-01-01T12:00:00.000Z' };
    expect(log.changes().map((change) => projectTags([change]))).toEqual([
      [{ ...row, added: ['a'], removed: [] }],
      [],
      [{ ...row, added: ['b', 'c'], removed: ['a'] }],
    ]);
    expect(projectTags(log.changes())).toEqual([{ ...row, added: ['b', 'c'], removed: [] }]);
  });
});

describe('the history', () => {
  it('is a row per event, with who did it and as whom', () => {
    const log = new RecordedLog();
    const id = log.create();
    log.complete(id);
    Object.assign(log.events[1]!.event, { declared: { agent_id: 'bo' } });
    const rows = projectHistory(log.changes());
    expect(rows.map(({ event_type }) => event_type)).toEqual(['packet.created', 'packet.completed']);
    expect(rows[0]?.details).toHaveProperty('metadata.source_agent.id', 'sales-01');
    expect(rows[1]).toMatchObject({
      revision: 2,
      actor: { type: 'agent', id: 'sales-01', agent_id: 'bo' },
      details: { claim_id: 'claim', result: { done: true } },
      trace_id: (2).toString(16).padStart(32, '0'),
    });
  });
});

describe('the search index', () => {
  it('takes the words of every part, and nothing for a change of status', () => {
    const log = new RecordedLog();
    const id = log.create({
      metadata: { tags: ['tag-word'] },
      context: { summary: 'Summary <b>words</b>', artifacts: [{ key: 'k', value: { deep: ['artifact'] } }] },
    });
    log.claim(id);
    const [row] = projectSearch(log.changes());
    expect(row).toMatchObject({
      packet_id: id,
      fresh: true,
      title: 'Summary <b>words</b>\ntag-word',
    });
    expect(row?.text).toContain('artifact');
    expect(row?.text).toContain('What would forty enterprise seats cost');
    expect(projectSearch(log.changes().slice(1))).toEqual([]);
  });

  it('counts a packet as new once', () => {
    const log = new RecordedLog();
    const id = log.create();
    log.record('packet.updated', { id }, { patch: { context: { summary: 'Anew' } } });
    expect(projectSearch(log.changes())).toMatchObject([{ fresh: true }]);
    expect(projectSearch(log.changes().slice(1))).toMatchObject([{ fresh: false }]);
  });
});

describe('what follows a checkpoint', () => {
  const events = (...sequences: number[]) => sequences.map((sequence) => ({ sequence }) as LoggedEvent);
  const numbers = (all: readonly LoggedEvent[]) => all.map(({ sequence }) => sequence);

  it('leaves out what is done', () => {
    const following = eventsFollowing(4, events(3, 4, 5, 6));
    expect([numbers(following.events), following.position, following.gap]).toEqual([[5, 6], 6, undefined]);
    expect(eventsFollowing(9, events(3, 4))).toEqual({ events: [], position: 9 });
  });

  it('ends before a gap', () => {
    expect(eventsFollowing(4, events(5, 7))).toMatchObject({ position: 5, gap: { after: 5, found: 7 } });
    expect(eventsFollowing(4, events(6))).toMatchObject({
      events: [],
      position: 4,
      gap: { after: 4, found: 6 },
    });
  });

  it('misses nothing where a quota was counted, and only there', () => {
    const counted = (sequence: number) => ({ sequence, counted: true }) as LoggedEvent;
    const whole = eventsFollowing(4, [counted(6), ...events(7), counted(9)]);
    expect([numbers(whole.events), whole.position, whole.gap]).toEqual([[6, 7, 9], 9, undefined]);
    expect(eventsFollowing(5, [counted(6)])).toMatchObject({ position: 6 });
    expect(eventsFollowing(4, [counted(7)])).toMatchObject({ gap: { after: 4, found: 7 } });
    expect(eventsFollowing(4, [...events(5), counted(8)])).toMatchObject({ gap: { after: 5, found: 8 } });
  });

  it('takes a page of the log as it is', () => {
    const following = eventsFollowing(4, events(6, 9), { from: 5, next: 12 });
    expect([numbers(following.events), following.position, following.gap]).toEqual([[6, 9], 11, undefined]);
    expect(eventsFollowing(4, events(8), { from: 7, next: 9 })).toMatchObject({
      gap: { after: 4, found: 8 },
    });
    expect(eventsFollowing(20, [], { from: 5, next: 12 })).toEqual({ events: [], position: 20 });
  });
});

describe('a row as JSON', () => {
  it('shows what Postgres cannot store as U+FFFD, and leaves the rest', () => {
    const text = 'a\u0000b \ud800c \udc00 \\u0000 \\\u0000 é 😀 \u0001';
    expect(JSON.parse(jsonRow({ text }))).toEqual({
      text: 'a\ufffdb \ufffdc \ufffd \\u0000 \\\ufffd é 😀 \u0001',
    });
    expect(idOf(1)).toHaveLength(36);
  });
});
