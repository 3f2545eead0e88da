import type { Instant } from '#libs/packet';
import { describe, expect, it } from 'vitest';
import { acme, idOf, RecordedLog } from '../recorded.features.js';
import { projectPackets, toRow } from './project.js';

const given = (tell: (log: RecordedLog) => void) => {
  const log = new RecordedLog();
  tell(log);
  return {
    log,
    row: () => projectPackets(log.changes()).find(({ id }) => id === idOf(1)),
  };
};

describe('the row of a packet', () => {
  it('holds everything that lists filter and sort by', () => {
    const { row } = given((log) => {
      const id = log.create({
        metadata: { tags: ['a', 'b'], priority: 7, deadline: '2026-02-01T00:00:00.000Z' },
        context: { summary: 'x'.repeat(600) },
      });
      log.claim(id, 'bo');
    });
    expect(row()).toMatchObject({
      tenant_id: acme,
      id: idOf(1),
      status: 'claimed',
      source_agent: 'sales-01',
      target_agent: 'billing-01',
      claimed_by: 'bo',
      priority_level: 7,
      tags: ['a', 'b'],
      deadline: '2026-02-01T00:00:00.000Z',
      hitl_required: false,
      dead_letter: false,
      parent_packet_id: null,
      root_id: idOf(1),
      depth: 0,
      summary: 'x'.repeat(500),
      created_at: '2026-01-01T12:00:00.000Z',
      updated_at: '2026-01-01T12:00:00.010Z',
      claimed_at: '2026-01-01T12:00:00.010Z',
      completed_at: null,
      revision: 2,
      position: 2,
    });
  });

  it('is the same whether events come one by one or together', () => {
    const { log, row } = given((told) => {
      const id = told.create();
      told.claim(id);
      told.complete(id);
    });
    expect(row()).toEqual(toRow(log.packet(idOf(1)), 3));
    const last = projectPackets(log.changes().slice(2))[0];
    const { body: _body, ...withoutBody } = toRow(log.packet(idOf(1)), 3);
    expect(last).toEqual(withoutBody);
  });

  it('brings the body only when it is new or changed', () => {
    const { log } = given((told) => {
      const id = told.create();
      told.claim(id);
      told.record('packet.updated', { id }, { patch: { context: { summary: 'Anew' } } });
    });
    const bodies = log.changes().map((change) => projectPackets([change])[0]?.body?.context.summary);
    expect(bodies).toEqual([log.changes()[0]?.after && expect.any(String), undefined, 'Anew']);
  });

  it('tells a dead letter from a failure', () => {
    const { row } = given((log) => {
      const id = log.create();
      log.claim(id);
      log.record('packet.claim_expired', { id }, { claim_id: 'c', attempt: 1, dead_letter: true });
    });
    expect(row()).toMatchObject({ status: 'failed', dead_letter: true });
  });

  it('keeps the time before which it is not offered', () => {
    const at = '2026-01-01T13:00:00.000Z' as Instant;
    const { row } = given((log) => {
      const id = log.create();
      log.claim(id);
      log.record('packet.released', { id }, { claim_id: 'c', available_at: at });
    });
    expect(row()).toMatchObject({ status: 'created', available_at: at, claimed_by: null });
  });

  it('makes no row of events without a create', () => {
    const { row } = given((log) => log.claim(idOf(1)));
    expect(row()).toBeUndefined();
  });
});
