// An endpoint for webhooks: takes what is signed with the secret, and answers at once. The same event may come
// twice, with the same id.
import { createServer } from 'node:http';
import { text } from 'node:stream/consumers';
import { verifyWebhook, WebhookVerificationError } from '@handoffrail/sdk';

const secret = process.env.WEBHOOK_SECRET ?? '';
/** @type {Set<string>} */
const seen = new Set();

const server = createServer(async (request, response) => {
  try {
    const event = await verifyWebhook(await text(request), request.headers, secret);
    const id = String(request.headers['webhook-id']);
    if (!seen.has(id)) console.log(event.type);
    seen.add(id);
    response.writeHead(204).end();
  } catch (error) {
    // What is not ours is not tried again; what we could not take is.
    response.writeHead(error instanceof WebhookVerificationError ? 401 : 500).end();
  }
});

server.listen(Number(process.env.PORT ?? 4567), () => console.log('waiting for webhooks'));
process.once('SIGTERM', () => server.close());
