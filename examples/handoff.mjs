// One agent hands work over, another one claims and completes it.
import { AlreadyClaimedError, HandoffPacket, HandoffRail } from '@handoffrail/sdk';

const rail = new HandoffRail({
  baseUrl: process.env.HANDOFFRAIL_URL ?? 'http://localhost:8080',
  apiKey: process.env.HANDOFFRAIL_API_KEY ?? '',
});

const packet = await rail.createPacket(
  HandoffPacket.builder()
    .fromAgent('sales-01', 'SalesBot', { framework: 'langgraph' })
    .toAgent('billing-01', 'BillingBot')
    .withSummary('Invoice 4711 was paid twice: refund the second payment.')
    .withDecision('Refund in full', { rationale: 'Both payments have cleared.' })
    .withPriority('high')
    .build(),
);

await rail.claimPacket(packet, { agentId: 'billing-01' });

// A second agent comes too late, and is told who was faster.
try {
  await rail.claimPacket(packet, { agentId: 'billing-01-copy' });
} catch (error) {
  if (!(error instanceof AlreadyClaimedError)) throw error;
  console.log(`${error.claimedBy} was faster`);
}

const done = await rail.completePacket(packet, { result: { refund: 're_981' } });
console.log(done.status, JSON.stringify(done.result));
for await (const event of rail.getPacketHistory(packet)) console.log(event.event_type);
