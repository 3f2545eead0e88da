const header = (name: string, description: string, example: string) => ({
  name,
  in: 'header',
  required: true,
  description,
  schema: { type: 'string' },
  example,
});

const parameters = [
  header(
    'webhook-id',
    'The same at each attempt: what came twice is known by it.',
    '019ab2f4-6f3f-7a02-8c1b-5d6e7f8a9b0c',
  ),
  header('webhook-timestamp', 'Seconds since 1970, of this attempt.', '1769860800'),
  header(
    'webhook-signature',
    '`v1,` and HMAC-SHA256 over id, timestamp and body in base64; several with spaces during a rotation.',
    'v1,K5oZfzN95Z9UVu1EsfQmfVNQhnkZ2pj9o9NDN/H/pI4=',
  ),
  header(
    'X-HR-Signature',
    'HMAC-SHA256 of the body in lowercase hex, for clients of the older convention.',
    '2b8f8c1de0f1a4c7f3c9a1c5b7d8e9f00112233445566778899aabbccddeeff0',
  ),
  header('X-HR-Event', 'The type.', 'packet.completed'),
  header('X-HR-Delivery', 'The id of the delivery.', '5c0e9a47-1d3b-8f62-a4c9-7e8d9f0a1b2c'),
  header(
    'traceparent',
    'The trace that the event belongs to.',
    '00-7be1b0c5b8f34a3d9d0c6a3f2e1d4c5b-0c6a3f2e1d4c5b7b-01',
  ),
];

/** What receivers of webhooks get, in the form that OpenAPI has for it. */
export const webhooks = {
  delivery: {
    post: {
      tags: ['webhooks'],
      operationId: 'webhooks_delivery',
      summary: 'An event, as a webhook gets it',
      description:
        'Sent at least once, signed by Standard Webhooks 1.0. Any 2xx within 15 seconds is success; it is tried ' +
        'again after anything else.',
      security: [],
      parameters,
      requestBody: {
        required: true,
        content: {
          'application/json': {
            schema: { $ref: '#/$defs/HookMessageDocument' },
            examples: { message: { $ref: '#/components/examples/HookMessageDocument' } },
          },
        },
      },
      responses: {
        '2XX': { description: 'It arrived.' },
        '410': { description: 'Gone: the webhook is disabled.' },
        default: { description: 'It is tried again; after 429 and 503 not before `Retry-After`.' },
      },
    },
  },
};
