import { startSpan, type RecordedEvent, type TraceSpan } from '#libs/event-log';

/** The spans of one batch. Each event's trace sees its own projection; the batch, which has many causes, links them. */
export interface BatchSpans {
  /** By sequence: what follows from an event belongs to this step of its trace. */
  traceparents: ReadonlyMap<number, string>;
  end(error?: unknown): void;
}

const mostLinks = 128;

const ofEvent = ({ event, sequence }: RecordedEvent): TraceSpan =>
  startSpan(`project ${event.type}`, {
    parent: event.traceparent,
    kind: 'consumer',
    attributes: {
      'handoffrail.tenant_id': event.tenant_id,
      'handoffrail.packet_id': event.packet_id,
      'handoffrail.sequence': sequence,
    },
  });

const isSampled = (traceparent: string): boolean => traceparent.endsWith('1');

/** A batch nobody traces has no span. */
const ofBatch = (events: readonly RecordedEvent[]): TraceSpan | undefined => {
  const links = events.map(({ event }) => event.traceparent).filter(isSampled);
  if (events.length < 2 || links.length === 0) return undefined;
  return startSpan('project batch', {
    kind: 'consumer',
    attributes: { 'handoffrail.batch_size': events.length },
    links: links.slice(0, mostLinks),
  });
};

export const startBatchSpans = (events: readonly RecordedEvent[]): BatchSpans => {
  const batch = ofBatch(events);
  const spans = new Map(events.map((event) => [event.sequence, ofEvent(event)]));
  return {
    traceparents: new Map([...spans].map(([sequence, { traceparent }]) => [sequence, traceparent])),
    end: (error) => {
      for (const span of spans.values()) span.end(error);
      batch?.end(error);
    },
  };
};
