import type { HandoffRail, PacketDocument } from '#libs/sdk';

/** One step: what happens, told before it does, and the packet that it is about. */
export interface Step {
  says: string;
  act(stage: Stage): Promise<PacketDocument | undefined>;
}

/** Where the story plays. */
export interface Stage {
  rail: HandoffRail;
  /** What was made so far, by a name of the story. */
  packets: Map<string, PacketDocument>;
}

const tags = ['demo'];
const sales = { id: 'demo-sales', name: 'SalesBot' };
const billing = { id: 'demo-billing', name: 'BillingBot' };
const refunds = { id: 'demo-refunds', name: 'RefundBot' };
const audit = { id: 'demo-audit', name: 'AuditBot' };

const kept = async (stage: Stage, name: string, made: Promise<PacketDocument>): Promise<PacketDocument> => {
  const packet = await made;
  stage.packets.set(name, packet);
  return packet;
};

const named = ({ packets }: Stage, name: string): PacketDocument => {
  const packet = packets.get(name);
  if (packet === undefined) throw new Error(`The story has no "${name}" yet.`);
  return packet;
};

const register = async ({ rail }: Stage): Promise<undefined> => {
  for (const [agent, capabilities] of [
    [billing, ['billing', 'plans']],
    [refunds, ['refunds']],
    [audit, ['audit']],
  ] as const)
    await rail.agents.register(agent.id, { name: agent.name, capabilities: [...capabilities] });
};

const handOver: Step[] = [
  { says: 'Three agents tell what they can do.', act: register },
  {
    says: 'SalesBot hands an upgrade to BillingBot, with what was said and decided.',
    act: (stage) =>
      kept(
        stage,
        'upgrade',
        stage.rail.createPacket({
          sourceAgent: sales,
          targetAgent: billing,
          summary: 'Customer 4711 wants the pro plan from the first of next month.',
          priority: 'high',
          tags,
          conversation: [
            { role: 'user', content: 'I would like to move to the pro plan.' },
            { role: 'agent', content: 'With pleasure. From next month on?' },
            { role: 'user', content: 'Yes, please.' },
          ],
          decisions: [
            { id: 'd1', decision: 'Upgrade without a fee', rationale: 'A customer for five years.' },
          ],
        }),
      ),
  },
  {
    says: 'BillingBot claims it. From now on nobody else can.',
    act: (stage) =>
      kept(stage, 'upgrade', stage.rail.claimPacket(named(stage, 'upgrade'), { agentId: billing.id })),
  },
  {
    says: 'It tells how far it is …',
    act: (stage) =>
      stage.rail.reportProgress(named(stage, 'upgrade'), {
        agentId: billing.id,
        percent: 60,
        note: 'Contract changed',
      }),
  },
  {
    says: '… hands a part of it on to AuditBot, who sees what was decided …',
    act: (stage) =>
      kept(
        stage,
        'audit',
        stage.rail.chainPacket(named(stage, 'upgrade'), {
          agentId: billing.id,
          sourceAgent: billing,
          targetAgent: audit,
          summary: 'Check the new contract of customer 4711.',
          tags,
          inherit: ['decisions'],
        }),
      ),
  },
  {
    says: '… and completes it with a result.',
    act: (stage) =>
      stage.rail.completePacket(named(stage, 'upgrade'), {
        agentId: billing.id,
        result: { plan: 'pro', from: '2027-01-01' },
      }),
  },
];

const routed: Step[] = [
  {
    says: 'A refund names nobody: the rail finds the agent that can do it.',
    act: (stage) =>
      kept(
        stage,
        'refund',
        stage.rail.createPacket({
          sourceAgent: sales,
          summary: 'Invoice 4711 was paid twice: refund the second payment.',
          priority: 'critical',
          tags,
          routing: { capabilities: ['refunds'] },
        }),
      ),
  },
  {
    says: 'RefundBot takes the next work there is for it; the bank does not answer, so it fails …',
    act: async (stage) => {
      const { packets } = await stage.rail.claimNext({ agentId: refunds.id, tags });
      const [packet = named(stage, 'refund')] = packets;
      return stage.rail.failPacket(packet, {
        agentId: refunds.id,
        reason: 'The bank does not answer.',
        retryable: true,
      });
    },
  },
  {
    says: '… and is offered again. The second try succeeds.',
    act: async (stage) => {
      const packet = await stage.rail.claimPacket(named(stage, 'refund').id, { agentId: refunds.id });
      return stage.rail.completePacket(packet, { agentId: refunds.id, result: { refund: 're_981' } });
    },
  },
];

const decided: Step[] = [
  {
    says: 'A discount needs a person. No agent gets it before.',
    act: (stage) =>
      kept(
        stage,
        'discount',
        stage.rail.createPacket({
          sourceAgent: sales,
          targetAgent: billing,
          summary: 'Give customer 4712 a discount of 30 %.',
          tags,
          hitl: { reason: 'More than 20 %', question: 'Is a discount of 30 % all right?' },
        }),
      ),
  },
  {
    says: 'A manager approves; who asked cannot.',
    act: (stage) =>
      stage.rail.respondToHitl(named(stage, 'discount'), {
        response: 'Approved',
        respondedBy: 'manager@company.com',
      }),
  },
  {
    says: 'Another one is left for you to decide.',
    act: (stage) =>
      kept(
        stage,
        'open',
        stage.rail.createPacket({
          sourceAgent: sales,
          targetAgent: billing,
          summary: 'Close the account of customer 4713.',
          tags,
          hitl: { reason: 'Cannot be undone', question: 'Really close it?' },
        }),
      ),
  },
];

/** A small day of four agents and a manager. */
export const story: Step[] = [...handOver, ...routed, ...decided];
