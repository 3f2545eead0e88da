// Follows the packets of one agent as they happen, until one is completed. Lost connections are opened again, and
// nothing is missed.
import { HandoffRail } from '@handoffrail/sdk';

const rail = new HandoffRail({
  baseUrl: process.env.HANDOFFRAIL_URL ?? 'http://localhost:8080',
  apiKey: process.env.HANDOFFRAIL_API_KEY ?? '',
});

const feed = rail.events({
  subscribe: 'agent:support-01',
  // From the beginning; `feed.cursor` of an earlier run would go on where that one ended.
  cursor: '0-0',
  onReconnect: (why) => console.error('Lost, and opened again:', why),
});

for await (const event of feed) {
  if (event.type === 'gap') console.log('Some were missed: fetch everything anew');
  else if (event.type !== 'hook.disabled') console.log(event.type, event.data.status);
  if (event.type === 'packet.completed') break;
}
