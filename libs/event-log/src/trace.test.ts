import { trace } from '@opentelemetry/api';
import {
  BasicTracerProvider,
  InMemorySpanExporter,
  SimpleSpanProcessor,
} from '@opentelemetry/sdk-trace-base';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { configureTracing, startSpan } from './trace.js';
import { formatTraceparent, newSpanId, newTraceId, parseTraceparent } from './traceparent.js';

const ids = (sampled: boolean) => ({ traceId: newTraceId(), spanId: newSpanId(), sampled });

afterEach(() => {
  trace.disable();
  configureTracing({ record: false, ratio: 1 });
});

describe('traceparent', () => {
  it('is read as it was written', () => {
    for (const sampled of [true, false]) {
      const made = ids(sampled);
      expect(parseTraceparent(formatTraceparent(made))).toEqual(made);
    }
  });

  it.each([
    ['empty', ''],
    ['upper case', `00-${'A'.repeat(32)}-${'b'.repeat(16)}-01`],
    ['no trace', `00-${'0'.repeat(32)}-${'b'.repeat(16)}-01`],
    ['no span', `00-${'a'.repeat(32)}-${'0'.repeat(16)}-01`],
    ['the forbidden version', `ff-${'a'.repeat(32)}-${'b'.repeat(16)}-01`],
    ['more than version 00 has', `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01-x`],
    ['a line break at its end', `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01\n`],
  ])('is refused: %s', (_what, header) => {
    expect(parseTraceparent(header)).toBeNull();
  });

  it('is read from later versions as far as they agree', () => {
    expect(parseTraceparent(`01-${'a'.repeat(32)}-${'b'.repeat(16)}-03-later`)?.sampled).toBe(true);
  });
});

describe('without an exporter', () => {
  it('makes ids for a new trace and hands them on', () => {
    const root = startSpan('root');
    expect(parseTraceparent(root.traceparent)).toMatchObject({ traceId: root.traceId, sampled: false });
    expect(startSpan('child', { parent: root.traceparent }).traceId).toBe(root.traceId);
  });

  it('passes a caller trace on as it came', () => {
    const parent = formatTraceparent(ids(true));
    expect(startSpan('step', { parent }).traceparent).toBe(parent);
  });

  it('begins anew where the caller sent nonsense', () => {
    expect(startSpan('step', { parent: 'nonsense' }).traceId).toMatch(/^[0-9a-f]{32}$/);
  });
});

describe('with an exporter', () => {
  const exporter = new InMemorySpanExporter();

  beforeEach(() => {
    exporter.reset();
    const provider = new BasicTracerProvider({ spanProcessors: [new SimpleSpanProcessor(exporter)] });
    trace.setGlobalTracerProvider(provider);
    configureTracing({ record: true, ratio: 1 });
  });

  it('exports exactly the ids that it handed on', () => {
    const [known, found] = [ids(true), ids(false)];
    const root = startSpan('root', { kind: 'server', attributes: { a: 1 } });
    const child = startSpan('child', { parent: root.traceparent, links: [formatTraceparent(known), 'x'] });
    child.set('b', 2);
    child.link(formatTraceparent(found));
    child.link('x');
    child.end();
    root.end();
    const [second, first] = exporter.getFinishedSpans();
    expect(second?.parentSpanContext?.spanId).toBe(first?.spanContext().spanId);
    expect(second?.links.map(({ context }) => [context.traceId, context.spanId, context.traceFlags])).toEqual(
      [
        [known.traceId, known.spanId, 1],
        [found.traceId, found.spanId, 0],
      ],
    );
    expect(second?.attributes).toEqual({ b: 2 });
    expect(child.traceparent).toBe(`00-${root.traceId}-${second?.spanContext().spanId}-01`);
  });

  it('follows the decision of the caller, either way', () => {
    configureTracing({ record: true, ratio: 0 });
    startSpan('taken', { parent: formatTraceparent(ids(true)) }).end();
    startSpan('own').end();
    configureTracing({ record: true, ratio: 1 });
    startSpan('left', { parent: formatTraceparent(ids(false)) }).end();
    expect(exporter.getFinishedSpans().map(({ name }) => name)).toEqual(['taken']);
  });

  it('marks a failed step', () => {
    startSpan('step').end(new Error('it broke'));
    const [span] = exporter.getFinishedSpans();
    expect(span?.status).toEqual({ code: 2, message: 'it broke' });
    expect(span?.events[0]?.name).toBe('exception');
  });
});
