// No agent gets a packet that waits for a person, before the person has decided.
import { ConflictError, HandoffRail } from '@handoffrail/sdk';

const rail = new HandoffRail({
  baseUrl: process.env.HANDOFFRAIL_URL ?? 'http://localhost:8080',
  apiKey: process.env.HANDOFFRAIL_API_KEY ?? '',
});

const packet = await rail.createPacket({
  sourceAgent: 'sales-01',
  targetAgent: 'billing-01',
  summary: 'Give customer 4712 a discount of 30 %.',
  hitl: { reason: 'More than 20 %', question: 'Is a discount of 30 % all right?' },
});
console.log(packet.status);

try {
  await rail.claimPacket(packet, { agentId: 'billing-01' });
} catch (error) {
  if (!(error instanceof ConflictError)) throw error;
  console.log(`refused: ${error.code}`);
}

// The inbox, as a page for managers would show it.
for await (const approval of rail.listApprovals()) {
  if (approval.packet_id !== packet.id) continue;
  await rail.respondToApproval(approval.id, {
    response: 'Approved',
    decision: 'approve',
    respondedBy: 'manager@company.com',
    notes: 'Once.',
  });
}

const decided = await rail.getPacket(packet);
console.log(decided.status, decided.hitl?.['state']);
await rail.completePacket(decided, { result: { discount: 30 } });
