import { setTimeout as delay } from 'node:timers/promises';
import { configureTracing } from '#libs/event-log';
import { trace } from '@opentelemetry/api';
import type { Config } from './config.js';

/** A collector that is gone must not hold a stopping process. */
const lastSpansMs = 2_000;

/** Sends what is still held and stops. */
export type StopTelemetry = () => Promise<void>;

const exportTo = async (endpoint: string, service: string): Promise<StopTelemetry> => {
  // A process without a collector never pays for the SDK.
  const [sdk, { OTLPTraceExporter }, { resourceFromAttributes }] = await Promise.all([
    import('@opentelemetry/sdk-trace-base'),
    import('@opentelemetry/exporter-trace-otlp-http'),
    import('@opentelemetry/resources'),
  ]);
  const exporter = new OTLPTraceExporter({ url: `${endpoint.replace(/\/+$/, '')}/v1/traces` });
  const provider = new sdk.BasicTracerProvider({
    resource: resourceFromAttributes({ 'service.name': service, 'service.namespace': 'handoffrail' }),
    // What to record is decided before a span is made, by its parent or the ratio.
    sampler: new sdk.AlwaysOnSampler(),
    spanProcessors: [
      new sdk.BatchSpanProcessor(exporter, {
        maxQueueSize: 16_384,
        maxExportBatchSize: 2_048,
        scheduledDelayMillis: 500,
        exportTimeoutMillis: 5_000,
      }),
    ],
  });
  trace.setGlobalTracerProvider(provider);
  return () => Promise.race([provider.shutdown(), delay(lastSpansMs)]);
};

/** Records traces when a collector is configured; ids are made and passed on in any case. */
export const startTelemetry = async (
  config: Pick<Config, 'otlpEndpoint' | 'traceRatio'>,
  service: string,
): Promise<StopTelemetry> => {
  const { otlpEndpoint, traceRatio: ratio } = config;
  const stop = otlpEndpoint === undefined ? () => Promise.resolve() : await exportTo(otlpEndpoint, service);
  configureTracing({ record: otlpEndpoint !== undefined, ratio });
  return stop;
};
