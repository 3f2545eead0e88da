import { setTimeout as sleep } from 'node:timers/promises';
import { leaseTimerId, normalizeApproval, type PacketId, type TenantId } from '#libs/packet';
import { LogRig, testTenant } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { bound, Claiming } from './given.features.js';

const waiting = { timeout: 6_000, interval: 20 };

describe('a lease', { concurrent: true }, () => {
  let rig: LogRig;
  let claiming: Claiming;

  beforeAll(async () => {
    rig = await LogRig.start();
    claiming = await rig.open((nats) => new Claiming(nats));
    const twin = await rig.open((nats) => new Claiming(nats));
    // Two copies of the service, as they share the work.
    claiming.leases.onApplicationBootstrap();
    twin.leases.onApplicationBootstrap();
  });
  afterAll(() => rig?.stop());

  const until = (id: PacketId, status: string) =>
    vi.waitFor(async () => expect((await claiming.packet(id)).status).toBe(status), waiting);
  const pending = async (id: PacketId, by = 'bo') =>
    claiming.timers.pendingAt(leaseTimerId(await claiming.packet(id), `claim-${by}`));

  it('that runs out offers the packet again after the backoff, one attempt further, and fences the late holder off', async () => {
    const id = await claiming.created({ retry: { max_attempts: 3, backoff_seconds: 40 } });
    const { claim } = await claiming.claimed(id, 'bo', 1);
    await until(id, 'created');
    const lost = await claiming.packet(id);
    const endMs = Date.parse(claim?.lease_expires_at ?? '');
    expect(Date.parse(lost.updated_at)).toBeGreaterThanOrEqual(endMs);
    expect(Date.parse(lost.updated_at)).toBeLessThan(endMs + 1_000);
    if (lost.status !== 'created') throw new Error(lost.status);
    const waitSeconds = (Date.parse(lost.available_at ?? '') - Date.parse(lost.updated_at)) / 1_000;
    expect(waitSeconds).toBeGreaterThanOrEqual(40);
    expect(waitSeconds).toBeLessThanOrEqual(48);
    expect(lost).toMatchObject({ attempt: 1, failed_attempts: 1 });
    expect(await claiming.ask('complete', id, { result: 'late' }, { claim_id: 'claim-bo' })).toMatchObject({
      rejection: { code: 'stale_claim' },
    });
    expect(
      await claiming.ask('claim', id, { agent: { id: 'cy', name: 'cy' }, claim_id: 'claim-cy' }),
    ).toMatchObject({
      rejection: { code: 'not_yet_available' },
    });
    expect(await claiming.history(id)).toEqual(['packet.created', 'packet.claimed', 'packet.claim_expired']);
  });

  it('of a tenant that is deleted runs out without anything happening', async () => {
    const rest = await LogRig.start();
    const service = await rest.open((nats) => new Claiming(nats));
    service.leases.onApplicationBootstrap();
    const id = await service.created();
    await service.claimed(id, 'bo', 1);
    service.ended.add(testTenant);
    const timer = leaseTimerId(await service.packet(id), 'claim-bo');
    await vi.waitFor(async () => expect(await service.timers.pendingAt(timer)).toBeNull(), waiting);
    await sleep(500);
    expect((await service.packet(id)).status).toBe('claimed');
    await rest.stop();
  });

  it('that runs out at the last attempt makes a dead letter', async () => {
    const id = await claiming.created({ retry: { max_attempts: 2 } });
    await claiming.claimed(id, 'bo', 1);
    await until(id, 'created');
    expect((await claiming.claimed(id, 'cy', 1)).claim?.attempt).toBe(2);
    await until(id, 'failed');
    expect(await claiming.packet(id)).toMatchObject({
      failure: { code: 'max_attempts' },
      failed_attempts: 2,
    });
  });

  it('goes on while heartbeats come, without a single event, and ends with the last one', async () => {
    const id = await claiming.created();
    await claiming.claimed(id, 'bo', 1);
    for (let beat = 0; beat < 4; beat += 1) {
      await sleep(500);
      const reply = await claiming.heartbeat(id);
      if (reply.outcome !== 'answered') throw new Error(JSON.stringify(reply));
      expect(reply.answer.directive).toBe('continue');
      const leftMs = Date.parse(reply.answer.lease_expires_at ?? '') - Date.now();
      expect(leftMs).toBeGreaterThan(500);
      expect(leftMs).toBeLessThanOrEqual(1_000);
    }
    expect(await claiming.packet(id)).toMatchObject({ status: 'claimed', revision: 2 });
    await until(id, 'created');
    expect(await claiming.heartbeat(id)).toMatchObject({
      answer: { directive: 'stop', reason: expect.stringContaining('offered again'), lease_expires_at: null },
    });
  });

  it('is as long as the heartbeat says, longer or shorter', async () => {
    const [long, short] = [await claiming.created(), await claiming.created()];
    await claiming.claimed(long, 'bo', 1);
    await claiming.claimed(short, 'bo', 3_600);
    await claiming.heartbeat(long, { lease_seconds: 3_600 });
    await claiming.heartbeat(short, { lease_seconds: 1 });
    await until(short, 'created');
    expect((await claiming.packet(long)).status).toBe('claimed');
  });

  it('has no timer left when the claim has ended', async () => {
    const id = await claiming.created();
    await claiming.claimed(id, 'bo', 60);
    expect(await pending(id)).not.toBeNull();
    await claiming.ask('complete', id, { result: 1 }, { claim_id: 'claim-bo' });
    await vi.waitFor(async () => expect(await pending(id)).toBeNull(), waiting);
  });

  it('waits while the packet waits for a person', async () => {
    const id = await claiming.created();
    await claiming.claimed(id, 'bo', 1);
    const policy = normalizeApproval({ reason: 'Sure?' });
    await claiming.ask('request_approval', id, { policy, approval_id: 'a1' }, { claim_id: 'claim-bo' });
    await sleep(1_500);
    expect(await claiming.heartbeat(id, { progress: { percent: 5 } })).toMatchObject({
      answer: { directive: 'continue', reason: expect.stringContaining('person'), lease_expires_at: null },
    });
    await claiming.ask('respond', id, {
      response: 'approve',
      responded_by: 'Pat',
      next_claim_id: 'x',
    });
    expect((await claiming.packet(id)).status).toBe('claimed');
    await until(id, 'created');
  });
});

describe('a heartbeat', () => {
  let rig: LogRig;
  let claiming: Claiming;
  beforeAll(async () => {
    rig = await LogRig.start();
    claiming = await rig.open((nats) => new Claiming(nats));
  });
  afterAll(() => rig?.stop());

  it('takes progress along as the command does', async () => {
    const id = await claiming.created();
    await claiming.claimed(id, 'bo', 60);
    const reply = await claiming.heartbeat(id, { progress: { percent: 30, note: 'Half of it' } });
    expect(reply).toMatchObject({ answer: { directive: 'continue' } });
    expect(await claiming.packet(id)).toMatchObject({
      status: 'in_progress',
      revision: 3,
      progress: { percent: 30, note: 'Half of it' },
    });
  });

  it('for a claim without a lease has none to tell, and cannot get one', async () => {
    const id = await claiming.created();
    await claiming.claimed(id, 'bo');
    expect(await claiming.heartbeat(id)).toEqual({
      outcome: 'answered',
      answer: { directive: 'continue', lease_expires_at: null },
    });
    expect(await claiming.heartbeat(id, { lease_seconds: 5 })).toMatchObject({
      rejection: { code: 'validation_failed', field: 'lease_seconds' },
    });
  });

  it('is for the claimant only, and tells nobody of another tenant', async () => {
    const id = await claiming.created();
    await claiming.claimed(id, 'bo', 60);
    claiming.seen.length = 0;
    const as = async (more: Parameters<Claiming['heartbeat']>[1]) => claiming.heartbeat(id, more);
    expect(await as({ principal: bound('bo') })).toMatchObject({ answer: { directive: 'continue' } });
    expect(await as({ agent_id: 'bo' })).toMatchObject({ answer: { directive: 'continue' } });
    expect(await as({ principal: bound('cy') })).toMatchObject({ rejection: { code: 'not_the_claimant' } });
    expect(await as({ agent_id: 'cy' })).toMatchObject({ rejection: { code: 'not_the_claimant' } });
    expect(await as({ principal: bound('bo'), agent_id: 'cy' })).toMatchObject({
      rejection: { code: 'forbidden' },
    });
    const other = 'other' as TenantId;
    const stranger = { ...bound('bo'), tenant_id: other };
    expect(await as({ tenant_id: other, principal: stranger })).toMatchObject({
      rejection: { code: 'not_found' },
    });
    expect((await claiming.packet(id)).revision).toBe(2);
    expect(claiming.seen).toEqual(['bo', 'bo']);
  });

  it('under a claim that is over is told to stop, also by the key of another agent', async () => {
    const id = await claiming.created();
    await claiming.claimed(id, 'bo', 60);
    await claiming.ask('cancel', id, { reason: 'Not needed' });
    expect(await claiming.heartbeat(id, { principal: bound('bo'), progress: { percent: 5 } })).toMatchObject({
      answer: { directive: 'stop', reason: expect.stringContaining('Not needed') },
    });
    expect(await claiming.heartbeat(id, { claim_id: 'claim-of-nobody' })).toMatchObject({
      answer: { directive: 'stop' },
    });
    expect(
      await claiming.timers.pendingAt({ kind: 'lease', key: [testTenant, id, 'claim-of-nobody'] }),
    ).toBeNull();
  });
});
