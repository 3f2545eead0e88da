import type { Principal, Role } from '#libs/packet';

/**
 * Who may use a route: anybody, keys of certain roles, or the platform's own admins. `respondent` is whoever may
 * answer some checkpoint: approvers, and agents where the checkpoint allows them.
 */
export type Access = 'public' | Role | 'respondent' | 'platform';

/** reader < agent < writer < admin; an approver reads and responds, nothing else. */
const rolesFor: Record<Role | 'respondent', readonly Role[]> = {
  reader: ['reader', 'agent', 'writer', 'approver', 'admin'],
  agent: ['agent', 'writer', 'admin'],
  writer: ['writer', 'admin'],
  approver: ['approver', 'writer', 'admin'],
  respondent: ['agent', 'approver', 'writer', 'admin'],
  admin: ['admin'],
};

/** Whether a key may use a route that needs this access. */
export const mayUse = (access: Exclude<Access, 'public'>, principal: Principal): boolean =>
  access === 'platform' ? principal.platform_admin === true : rolesFor[access].includes(principal.role);
