import type { CommandRequest } from '#libs/contracts';
import { handleCommand, newSpanId, newTraceId, uuidv7 } from '#libs/event-log';
import type { CommandId, PacketCommandData, PacketId } from '#libs/packet';
import { LogRig, testTenant } from '#libs/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Approvals, person } from './given.features.js';
import { boundToCheckpoint } from './structured-answers.js';

const response_schema = {
  type: 'object',
  properties: { amount: { type: 'number', maximum: 100 }, lines: { items: { type: 'string' } } },
  required: ['amount'],
};

describe('a structured answer', () => {
  let rig: LogRig;
  let service: Approvals;
  beforeAll(async () => {
    rig = await LogRig.start();
    service = await rig.open((nats) => new Approvals(nats));
  });
  afterAll(() => rig?.stop());

  const answer = (id: PacketId, response: string, given?: Partial<PacketCommandData['respond']>) =>
    service.ask('respond', id, { response, next_claim_id: uuidv7(), ...given }, { principal: person('eve') });

  it('is taken when it satisfies the schema of its checkpoint', async () => {
    const id = await service.waiting({ response_schema });
    expect(await answer(id, 'Yes', { answer: { amount: 99 } })).toMatchObject({ outcome: 'accepted' });
    const { status, approval } = await service.packet(id);
    expect([status, approval?.state]).toEqual(['claimed', 'approved']);
    expect(approval?.votes[0]?.answer).toEqual({ amount: 99 });
  });

  it('is refused with each of its fields that is wrong, and the checkpoint goes on waiting', async () => {
    const id = await service.waiting({ response_schema });
    const reply = await answer(id, 'Yes', { answer: { amount: 101, lines: ['a', 2] } });
    expect(reply).toMatchObject({ outcome: 'refused', rejection: { code: 'validation_failed' } });
    const errors = reply.outcome === 'refused' ? reply.rejection.errors : [];
    expect(errors?.map(({ field, code }) => `${field} ${code}`)).toEqual([
      'answer.amount too_big',
      'answer.lines.1 wrong_type',
    ]);
    expect(await service.types(id)).toEqual(['packet.created']);
  });

  it('is needed to say yes, and not to say no', async () => {
    const id = await service.waiting({ response_schema });
    expect(await answer(id, 'Yes')).toMatchObject({
      outcome: 'refused',
      rejection: { code: 'validation_failed', field: 'answer' },
    });
    expect(await answer(id, 'No', { answer: { amount: 'all' } })).toMatchObject({ outcome: 'refused' });
    expect(await answer(id, 'No')).toMatchObject({ outcome: 'accepted', packet: { status: 'failed' } });
  });

  it('may be anything where no schema asks', async () => {
    const id = await service.waiting();
    expect(await answer(id, 'Yes', { answer: ['any', null] })).toMatchObject({ outcome: 'accepted' });
  });

  it('is not looked at where the domain refuses anyway', async () => {
    const id = await service.waiting({ response_schema });
    expect(await answer(id, 'Yes', { answer: 'bad', approval_id: uuidv7() })).toMatchObject({
      outcome: 'refused',
      rejection: { code: 'approval_closed' },
    });
    expect(await answer(uuidv7() as PacketId, 'Yes', { answer: 'bad' })).toMatchObject({
      outcome: 'refused',
      rejection: { code: 'not_found' },
    });
  });

  it('does not answer another checkpoint than the one that it was checked for', async () => {
    const id = await service.waiting({ response_schema });
    const request = {
      type: 'respond',
      meta: {
        command_id: uuidv7() as CommandId,
        tenant_id: testTenant,
        packet_id: id,
        principal: person('eve'),
        traceparent: `00-${newTraceId()}-${newSpanId()}-00`,
      },
      data: { response: 'Yes', answer: { amount: 1 }, next_claim_id: uuidv7() },
    } as const satisfies Extract<CommandRequest, { type: 'respond' }>;
    const bound = await boundToCheckpoint(service.log, request);
    const limits = { max_bytes: 100_000, max_chain_depth: 32, max_path_repeats: 3 };
    const patch = { context: { summary: 'Pay ten times as much' } };
    await service.ask('update', id, { patch, limits, approval_id: uuidv7(), agent_id: 'ana' });
    expect(await handleCommand(service.log, bound as CommandRequest)).toMatchObject({
      outcome: 'refused',
      rejection: { code: 'approval_closed' },
    });
    expect((await service.packet(id)).approval?.votes).toEqual([]);
  });
});
