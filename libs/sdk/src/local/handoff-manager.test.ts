import { beforeEach, describe, expect, it } from 'vitest';
import { AlreadyClaimedError, InvalidTransitionError } from '../errors.js';
import { AgentCapabilityRegistry } from './agent-capability-registry.js';
import { HandoffManager } from './handoff-manager.js';
import { HandoffRouter } from './handoff-router.js';

let handoffs: HandoffManager;

beforeEach(() => {
  handoffs = new HandoffManager();
});

const create = (more: object = {}) =>
  handoffs.createHandoff({ from: 'sales', to: 'billing', task: 'Refund order 4711', ...more });

describe('HandoffManager', () => {
  it('takes a handoff from pending to completed', async () => {
    const deadline = new Date('2030-01-01T00:00:00Z');
    const made = await create({ priority: 8, deadline, context: { order: 4711 } });
    expect(made).toMatchObject({
      ...{ from: 'sales', to: 'billing', task: 'Refund order 4711', status: 'pending', priority: 8 },
      ...{ deadline: deadline.toISOString(), context: { order: 4711 }, acceptedBy: null, result: null },
    });
    expect(await handoffs.accept(made.id)).toMatchObject({ status: 'accepted', acceptedBy: 'billing' });
    expect((await handoffs.start(made.id)).status).toBe('in_progress');
    const done = await handoffs.complete(made.id, { refund: 're_1' });
    expect(done).toMatchObject({ status: 'completed', result: { refund: 're_1' } });
    expect(await handoffs.get(made.id)).toEqual(done);
  });

  it('ends as rejected or failed, with the reason', async () => {
    const [first, second] = [await create(), await create()];
    expect(await handoffs.reject(first.id, 'Not mine')).toMatchObject({
      status: 'rejected',
      reason: 'Not mine',
    });
    await handoffs.accept(second.id);
    expect(await handoffs.fail(second.id, 'No bank')).toMatchObject({ status: 'failed', reason: 'No bank' });
    const third = await create();
    await handoffs.rail.cancelPacket(third.id);
    expect(await handoffs.get(third.id)).toMatchObject({ status: 'failed', reason: 'It was cancelled.' });
  });

  it('names the state and what is allowed when it refuses', async () => {
    const { id } = await create();
    const early = await handoffs.complete(id).catch((error: unknown) => error);
    expect(early).toBeInstanceOf(InvalidTransitionError);
    expect(early).toMatchObject({ packetStatus: 'pending', allowed: ['accept', 'reject'] });
    expect((early as Error).message).toBe(
      `Handoff ${id} is pending, which does not allow "complete"; possible: accept, reject.`,
    );
    await handoffs.accept(id);
    await handoffs.complete(id);
    const late = handoffs.reject(id, 'Too late');
    await expect(late).rejects.toThrow(
      'is completed, which does not allow "reject"; nothing more can be done',
    );
  });

  it('gives a handoff to one, and says to whom', async () => {
    const { id } = await create();
    await handoffs.rail.updatePacket(id, { metadata: { tags: ['x'] } });
    await handoffs.accept(id);
    const open = await handoffs.rail.createPacket({
      ...{ sourceAgent: 'sales', targetAgent: 'billing', summary: 'For all', claimPolicy: 'open' },
    });
    await handoffs.accept(open.id, 'audit');
    const second = handoffs.accept(open.id, 'billing');
    await expect(second).rejects.toBeInstanceOf(AlreadyClaimedError);
    await expect(second).rejects.toThrow('is accepted by "audit"');
  });

  it('lists by status', async () => {
    const made = [await create(), await create(), await create()];
    await handoffs.accept(made[1]!.id);
    expect((await handoffs.list()).map(({ id }) => id)).toEqual(made.map(({ id }) => id).reverse());
    expect((await handoffs.list({ status: 'pending' })).map(({ id }) => id)).toEqual([
      made[2]!.id,
      made[0]!.id,
    ]);
    expect(await handoffs.list({ status: 'rejected' })).toEqual([]);
  });

  it('exports and imports', async () => {
    const { id } = await create();
    const other = new HandoffManager();
    expect(await other.import(await handoffs.export())).toEqual({ imported: 1, skipped: 0 });
    expect(await other.get(id)).toEqual(await handoffs.get(id));
  });

  it('finds somebody for a handoff that names nobody', async () => {
    const registry = new AgentCapabilityRegistry(handoffs);
    const router = new HandoffRouter(registry);
    const waiting = await create({ to: undefined, needs: ['refunds'] });
    expect(waiting.to).toBeNull();
    await expect(handoffs.accept(waiting.id)).rejects.toMatchObject({ code: 'not_routed' });
    expect(await router.route({ from: 'sales', task: 'Refund it' })).toMatchObject({ target: null });
    await registry.register({ id: 'billing-01', capabilities: ['Refunds', 'invoices'] });
    await registry.register({ id: 'legal-01', name: 'Legal', capabilities: ['contracts'] });
    expect((await handoffs.get(waiting.id)).to).toBe('billing-01');
    expect((await registry.findCapable(['refunds', 'invoices'])).map(({ id }) => id)).toEqual(['billing-01']);
    expect(await registry.findCapable([])).toHaveLength(2);
    const byWords = await router.route({ from: 'sales', task: 'Read these contracts' });
    expect(byWords).toMatchObject({ target: { id: 'legal-01', name: 'Legal' }, strategy: 'keywords' });
    expect(await router.route({ from: 'sales', task: 'Refund', needs: ['refunds'] })).toMatchObject({
      target: { id: 'billing-01' },
    });
    expect([await registry.unregister('legal-01'), await registry.unregister('legal-01')]).toEqual([
      true,
      false,
    ]);
  });
});
