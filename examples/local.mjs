// The same handoffs without a server: in a file that several processes may use at once.
import { AgentCapabilityRegistry, HandoffManager, HandoffRouter } from '@handoffrail/sdk/local';

const manager = new HandoffManager({ store: process.argv[2] ?? 'handoffs.json' });
const registry = new AgentCapabilityRegistry(manager);
const router = new HandoffRouter(manager);

await registry.register({ id: 'billing-01', capabilities: ['refunds', 'invoices'] });
const { target } = await router.route({
  from: 'sales-01',
  task: 'Refund the second payment',
  needs: ['refunds'],
});
console.log(`goes to ${target?.id}`);

const handoff = await manager.createHandoff({
  from: 'sales-01',
  to: target?.id,
  task: 'Refund the second payment',
  priority: 8,
  context: { invoice: '4711' },
});
await manager.accept(handoff.id);
await manager.start(handoff.id);
const { status, result } = await manager.complete(handoff.id, { refund: 're_981' });
console.log(status, JSON.stringify(result));
