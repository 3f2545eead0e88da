/** The smallest body that `POST /packets` takes, from `source` to `target`. */
export const smallPacket = (
  target = 'billing-01',
  source = 'sales-01',
  more: Record<string, unknown> = {},
) => ({
  metadata: {
    source_agent: { id: source, name: source },
    target_agent: { id: target, name: target },
  },
  context: { summary: 'Customer asks for an upgrade' },
  ...more,
});

const turn = (role: 'user' | 'agent', content: string) => ({ role, content });

const conversation = [
  turn('user', 'Hello, we have outgrown the team plan. What would forty enterprise seats cost us per year?'),
  turn(
    'agent',
    'For forty seats on the yearly enterprise plan the list price is 38,400. Single sign-on is part of it.',
  ),
  turn('user', 'Our security people ask for the data to stay in Europe. Is that possible with this plan?'),
  turn('agent', 'Yes: the region can be chosen when the workspace is moved, and it stays there afterwards.'),
  turn('user', 'Good. Please prepare the change for the first of next month, invoice to the same address.'),
];

const artifacts = (serial: number) => [
  {
    key: 'quote',
    value: { seats: 40, plan: 'enterprise', yearly: 38_400, currency: 'EUR' },
    content_type: 'application/json',
  },
  {
    key: 'contract',
    url: `https://files.example.com/contracts/${serial}.pdf`,
    content_type: 'application/pdf',
  },
];

/** A packet of about 2 KiB as agents hand them over: conversation, decisions, actions, dependencies, artifacts. */
export const realisticPacket = (serial: number, target = 'billing-01') => ({
  metadata: {
    source_agent: { id: 'sales-01', name: 'SalesBot', framework: 'langchain', version: '2.1.0' },
    target_agent: { id: target, name: 'BillingBot' },
    priority: (['low', 'normal', 'high', 'critical'] as const)[serial % 4] ?? 'normal',
    tags: ['upgrade', `customer-${serial % 1000}`, 'enterprise'],
    reason: 'The contract change needs the billing system, which this agent cannot write to.',
  },
  context: {
    summary: `Customer ${serial} wants to move from the team plan to the enterprise plan, forty seats, from next month on.`,
    conversation_state: conversation,
    artifacts: artifacts(serial),
    custom: { crm_id: `acc-${serial}`, region: 'eu-central' },
  },
  decisions: [
    {
      id: 'd1',
      decision: 'Offer the list price',
      rationale: 'No discount authority below fifty seats.',
      alternatives: ['5 % discount'],
    },
  ],
  actions: {
    pending: [
      { id: 'a1', description: 'Create the enterprise subscription', assignee: target },
      { id: 'a2', description: 'Send the invoice', assignee: target, depends_on: ['a1'] },
    ],
    completed: [
      { id: 'a0', description: 'Check the seat count with the customer', result: 'forty seats confirmed' },
    ],
  },
  dependencies: [
    {
      id: 'crm',
      type: 'api' as const,
      description: 'Billing API must accept plan changes',
      status: 'available' as const,
    },
  ],
});
