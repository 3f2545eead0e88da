import { createServer, type Server } from 'node:http';
import { freePort } from '#libs/testing';

/** A span as OTLP/JSON carries it, the part that tests look at. */
export interface ReceivedSpan {
  service: string;
  traceId: string;
  spanId: string;
  parentSpanId?: string;
  name: string;
  links?: { traceId: string; spanId: string }[];
}

interface OtlpTraces {
  resourceSpans: {
    resource: { attributes: { key: string; value: { stringValue?: string } }[] };
    scopeSpans: { spans: Omit<ReceivedSpan, 'service'>[] }[];
  }[];
}

const spansOf = (body: OtlpTraces): ReceivedSpan[] =>
  body.resourceSpans.flatMap(({ resource, scopeSpans }) => {
    const service = resource.attributes.find(({ key }) => key === 'service.name')?.value.stringValue ?? '';
    return scopeSpans.flatMap(({ spans }) => spans.map((span) => ({ ...span, service })));
  });

/** A real OTLP/HTTP receiver that keeps what it gets. */
export const startOtlpReceiver = async (): Promise<{
  url: string;
  spans: ReceivedSpan[];
  /** Everything as it came. */
  texts: string[];
  stop: () => void;
}> => {
  const spans: ReceivedSpan[] = [];
  const texts: string[] = [];
  const port = await freePort();
  const server: Server = createServer((incoming, answer) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      const text = Buffer.concat(chunks).toString();
      texts.push(text);
      spans.push(...spansOf(JSON.parse(text) as OtlpTraces));
      answer.setHeader('content-type', 'application/json').end('{}');
    });
  });
  await new Promise<void>((resolve) => server.listen(port, '127.0.0.1', resolve));
  return { url: `http://127.0.0.1:${port}`, spans, texts, stop: () => server.close() };
};
