import type { ApprovalInput, PacketEventType, PacketId, Principal } from '#libs/packet';
import { LogService, testTenant } from '#libs/testing';
import type { CommandReply } from '#libs/contracts';
import { uuidv7 } from '#libs/event-log';
import type { NatsConnection } from '@nats-io/nats-core';
import { ApprovalTimers } from './approval-timers.js';
import { approvalsHandler } from './approvals-handler.js';

/** A person with a key of their own. */
export const person = (id: string): Principal => ({
  tenant_id: testTenant,
  key_id: `k-${id}`,
  role: 'approver',
  type: 'human',
  agent_id: id,
});

/** An approvals service of its own. */
export class Approvals extends LogService {
  readonly clocks: ApprovalTimers;

  constructor(nats: NatsConnection) {
    super(nats, approvalsHandler);
    this.clocks = new ApprovalTimers(this.log, this.timers, { isEnded: () => false });
  }

  /** A packet that waits at a checkpoint. */
  waiting(policy: Partial<ApprovalInput> = {}): Promise<PacketId> {
    return this.create({ hitl: { reason: 'Sure?', ...policy } });
  }

  respond(id: PacketId, response: string, principal: Principal): Promise<CommandReply> {
    return this.ask('respond', id, { response, next_claim_id: uuidv7() }, { principal });
  }

  async types(id: PacketId): Promise<PacketEventType[]> {
    return (await this.events(id)).map(({ type }) => type);
  }

  override async close(): Promise<void> {
    await this.clocks.onModuleDestroy();
    await super.close();
  }
}
