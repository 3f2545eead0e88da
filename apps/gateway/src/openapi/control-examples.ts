import {
  type BodyClass,
  ChangeKeyBody,
  ChangeTenantBody,
  CreateKeyBody,
  CreateTenantBody,
  limitsOf,
  RotateKeyBody,
  SignUpBody,
} from '#libs/contracts';
import { instantAt } from '#libs/packet';

const at = instantAt(Date.UTC(2026, 0, 31, 12));

export const controlBodyExamples: [BodyClass, unknown][] = [
  [
    CreateKeyBody,
    { name: 'billing worker', role: 'agent', agent_id: 'billing-01', channels: { 'billing.*': 'write' } },
  ],
  [ChangeKeyBody, { role: 'writer', expires_at: null }],
  [RotateKeyBody, { grace_seconds: 3_600 }],
  [CreateTenantBody, { name: 'Acme', tier: 'pro', overrides: { agents: 25, keys: null } }],
  [ChangeTenantBody, { tier: 'business', overrides: null }],
  [SignUpBody, { team_name: 'Acme', sender_name: 'Mira Okafor' }],
];

const key = {
  id: '019ab2f4-5a10-7d43-8c22-51c0f2a7b9e4',
  tenant_id: 'default',
  name: 'billing worker',
  prefix: 'hr_Vb3kQ9xT',
  role: 'agent',
  agent_id: 'billing-01',
  channels: { 'billing.*': 'write' },
  created_at: at,
  created_by: '019ab2f4-6f3e-7c11-9d57-3f7e8a1c2b61',
  status: 'live',
  last_used_at: instantAt(Date.UTC(2026, 1, 1, 8)),
};

const { agent_id: _agent, channels: _channels, ...unbound } = key;

const tenant = {
  id: 't-019ab2f4-7000-7bbb-8000-3f7e8a1c2b60',
  name: 'Acme',
  tier: 'pro',
  overrides: { agents: 25 },
  limits: limitsOf('pro', { agents: 25 }),
  created_at: at,
};

const made = { ...key, last_used_at: null, key: 'hr_Vb3kQ9xTn0Wm5uYzE7cR1aLdP4sGhJfKo8iNqXt2BvC' };
const page = { total: 1, limit: 50, next_cursor: null };

export const controlAnswerExamples = {
  KeyDocument: key,
  MadeKeyDocument: made,
  KeyListDocument: { keys: [key], ...page },
  TenantDocument: tenant,
  TenantListDocument: { tenants: [tenant], ...page },
  SignedUpDocument: {
    tenant: { ...tenant, tier: 'free', overrides: {}, limits: limitsOf('free') },
    key: { ...unbound, key: made.key, tenant_id: tenant.id, name: 'Mira Okafor', role: 'admin' },
  },
};
