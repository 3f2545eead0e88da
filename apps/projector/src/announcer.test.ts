import { type FeedMessage, formatPosition, type PositionMessage } from '#libs/contracts';
import { initialState, type PacketEvent, type PacketId, type TenantId } from '#libs/packet';
import type { Change } from '#libs/read-models';
import type { MsgHdrs, NatsConnection } from '@nats-io/nats-core';
import { describe, expect, it } from 'vitest';
import { Announcer } from './announcer.js';

interface Sent {
  subject: string;
  body: Partial<FeedMessage & PositionMessage>;
  previous: string | undefined;
}

const start = () => {
  const sent: Sent[] = [];
  const publish = (subject: string, body: string, { headers }: { headers?: MsgHdrs } = {}) =>
    void sent.push({
      subject,
      body: JSON.parse(body) as Sent['body'],
      previous: headers?.get('handoffrail-previous'),
    });
  return { sent, announcer: new Announcer({ publish } as unknown as NatsConnection) };
};

const change = (sequence: number, tenant = 'acme', occurred_at = new Date().toISOString()): Change => ({
  sequence,
  before: initialState,
  after: initialState,
  event: {
    type: 'packet.started',
    tenant_id: tenant as TenantId,
    packet_id: `p${sequence}` as PacketId,
    revision: 2,
    occurred_at,
    traceparent: '00-1-1-00',
    data: {},
  } as unknown as PacketEvent,
});

const committed = (position: number, ...changes: Change[]) => ({
  position,
  changes,
  traceparents: new Map(),
});
const at = formatPosition;

describe('what the projector tells', () => {
  it('is each event and then the position, each naming the place from which on nothing is missing', () => {
    const { sent, announcer } = start();
    announcer.beginAt(10);
    announcer.announce(committed(14, change(11), change(12, 'other'), change(14)));
    expect(sent.map(({ subject }) => subject)).toEqual([
      'hr.position',
      'hr.feed.acme.p11.packet.started',
      'hr.feed.other.p12.packet.started',
      'hr.feed.acme.p14.packet.started',
      'hr.position',
    ]);
    expect(sent.map(({ previous }) => previous)).toEqual([undefined, at(10), at(10), at(11), undefined]);
    expect(sent[0]?.body).toEqual({ position: at(10), after: at(10), last: {} });
    expect(sent[4]?.body).toEqual({
      position: at(14),
      after: at(10),
      last: { acme: at(14), other: at(12) },
    });
  });

  it('is the same where an event was counted against a quota', () => {
    const { sent, announcer } = start();
    announcer.beginAt(10);
    announcer.announce(committed(12, { ...change(12), counted: true }));
    expect([sent[1]?.previous, sent[2]?.body.after]).toEqual([at(10), at(10)]);
  });

  it('does not claim to have told what another copy committed', () => {
    const { sent, announcer } = start();
    announcer.beginAt(10);
    announcer.announce(committed(31, change(31)));
    expect(sent[1]?.previous).toBe(at(30));
    expect(sent[2]?.body.after).toBe(at(30));
    announcer.announce(committed(31));
    expect(sent[3]?.body).toEqual({ position: at(31), after: at(31), last: {} });
  });

  it('does not repeat history to the world, and says from where on it tells', () => {
    const { sent, announcer } = start();
    announcer.beginAt(0);
    announcer.announce(committed(3, change(1, 'acme', '2020-01-01T00:00:00.000Z'), change(2), change(3)));
    expect(sent.slice(1).map(({ subject, previous }) => [subject.slice(0, 16), previous])).toEqual([
      ['hr.feed.acme.p2.', at(1)],
      ['hr.feed.acme.p3.', at(2)],
      ['hr.position', undefined],
    ]);
    expect(sent.at(-1)?.body.after).toBe(at(1));
    announcer.announce(committed(3, change(2), change(3)));
    expect(sent).toHaveLength(5);
    expect(sent.at(-1)?.body).toMatchObject({ position: at(3), after: at(3) });
  });
});
