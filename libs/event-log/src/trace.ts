import { ROOT_CONTEXT, SpanKind, SpanStatusCode, trace } from '@opentelemetry/api';
import type { Attributes, AttributeValue, Context, Link, Span } from '@opentelemetry/api';
import { formatTraceparent, newSpanId, newTraceId, parseTraceparent } from './traceparent.js';
import type { TraceIds } from './traceparent.js';

/** A step of a trace. Its `traceparent` is what goes into headers and events, recorded or not. */
export interface TraceSpan {
  readonly traceparent: string;
  readonly traceId: string;
  /** Adds an attribute; free when the span is not recorded. */
  set(key: string, value: AttributeValue): void;
  /** Names the `traceparent` of a further cause, found on the way. */
  link(traceparent: string): void;
  /** Ends the span once; an error marks it as failed. */
  end(error?: unknown): void;
}

export interface SpanOptions {
  /** The `traceparent` that this step belongs to; without one (or with an invalid one) a new trace begins. */
  parent?: string;
  kind?: 'server' | 'internal' | 'producer' | 'consumer' | 'client';
  attributes?: Attributes;
  /** The `traceparent`s of further causes: a batch has many. */
  links?: string[];
}

export interface TracingOptions {
  /** Whether an exporter is there. Without one, ids are made and passed on, and nothing else happens. */
  record: boolean;
  /** Share of the traces begun here that are recorded, 0 to 1. A caller's own decision always wins. */
  ratio: number;
}

const kinds = {
  server: SpanKind.SERVER,
  internal: SpanKind.INTERNAL,
  producer: SpanKind.PRODUCER,
  consumer: SpanKind.CONSUMER,
  client: SpanKind.CLIENT,
} as const;

let tracing: TracingOptions = { record: false, ratio: 1 };

/** Says whether spans are recorded from now on, and how many. Call it once, after the SDK is registered. */
export const configureTracing = (options: TracingOptions): void => {
  tracing = options;
};

const ignore = (): void => undefined;

const unrecorded = (ids: TraceIds): TraceSpan => ({
  traceparent: formatTraceparent(ids),
  traceId: ids.traceId,
  set: ignore,
  link: ignore,
  end: ignore,
});

const contextOf = (ids: TraceIds): Context =>
  trace.setSpanContext(ROOT_CONTEXT, {
    traceId: ids.traceId,
    spanId: ids.spanId,
    traceFlags: ids.sampled ? 1 : 0,
    isRemote: true,
  });

const linkTo = (traceparent: string): Link[] => {
  const ids = parseTraceparent(traceparent);
  if (ids === null) return [];
  const { traceId, spanId, sampled } = ids;
  return [{ context: { traceId, spanId, traceFlags: sampled ? 1 : 0, isRemote: true } }];
};

const endSpan = (span: Span, error: unknown): void => {
  if (error !== undefined) {
    const message = error instanceof Error ? error.message : String(error);
    span.recordException(error instanceof Error ? error : message);
    span.setStatus({ code: SpanStatusCode.ERROR, message });
  }
  span.end();
};

const recorded = (span: Span): TraceSpan => {
  const { traceId, spanId, traceFlags } = span.spanContext();
  return {
    traceparent: formatTraceparent({ traceId, spanId, sampled: (traceFlags & 1) === 1 }),
    traceId,
    set: (key, value) => void span.setAttribute(key, value),
    link: (traceparent) => void span.addLinks(linkTo(traceparent)),
    end: (error) => endSpan(span, error),
  };
};

const record = (name: string, parent: TraceIds | null, options: SpanOptions): TraceSpan | null => {
  const span = trace.getTracer('handoffrail').startSpan(
    name,
    {
      kind: kinds[options.kind ?? 'internal'],
      ...(options.attributes && { attributes: options.attributes }),
      ...(options.links && { links: options.links.flatMap(linkTo) }),
    },
    parent === null ? ROOT_CONTEXT : contextOf(parent),
  );
  return span.isRecording() ? recorded(span) : null;
};

/**
 * Begins a step of a trace under an explicit parent; nothing is read from or put into an ambient context.
 * Whether it is recorded is decided before anything is made: by the parent's flag, else by the ratio.
 * A step that is not recorded passes its parent's `traceparent` on as it came, so that no later span hangs
 * from one that nobody exported.
 */
export const startSpan = (name: string, options: SpanOptions = {}): TraceSpan => {
  const parent = options.parent === undefined ? null : parseTraceparent(options.parent);
  const sampled = parent === null ? Math.random() < tracing.ratio : parent.sampled;
  const span = tracing.record && sampled ? record(name, parent, options) : null;
  if (span !== null) return span;
  return unrecorded(parent ?? { traceId: newTraceId(), spanId: newSpanId(), sampled: false });
};
