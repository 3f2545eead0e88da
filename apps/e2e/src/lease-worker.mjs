// A worker as users write them: claims one packet with a lease and keeps it by heartbeats until it is told to
// stop. Each line of its output is JSON. Tests kill it and put it to sleep.
import { setTimeout as delay } from 'node:timers/promises';

const [url, key, packetId, leaseSeconds] = process.argv.slice(2);
const beatMs = 400;

const post = async (path, body) => {
  const answer = await fetch(`${url}/api/v1/packets/${packetId}/${path}`, {
    method: 'POST',
    headers: { 'x-api-key': key, 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return answer.json();
};
const say = (line) => process.stdout.write(`${JSON.stringify(line)}\n`);

const { claim } = await post('claim', { agent_id: 'billing-01', lease_seconds: Number(leaseSeconds) });
say({ claim_id: claim.claim_id });
for (let directive = 'continue'; directive !== 'stop';) {
  await delay(beatMs);
  const beat = await post('heartbeat', { claim_id: claim.claim_id });
  directive = beat.directive ?? directive;
  say(beat);
}
