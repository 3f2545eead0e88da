import type { AuditAttempt, AuditEnding } from '#libs/audit';
import type { TenantId } from '#libs/packet';
import type { ApiReply } from '../http/call.js';

/** What of the answer to a request tells what it has made. */
interface Made {
  id?: string;
  link_id?: string;
  tenant?: { id: string };
}

const madeOf = (payload: unknown): Made => {
  try {
    return typeof payload === 'string' ? (JSON.parse(payload) as Made) : {};
  } catch {
    return {};
  }
};

const addressOf = (reply: ApiReply, resource: string, { link_id, id = link_id }: Made) => {
  const location = reply.getHeader('location');
  if (typeof location === 'string') return { resource: location };
  return id === undefined ? {} : { resource: `${resource}/${id}` };
};

const tenantOf = (action: string, { id, tenant }: Made) => {
  const made = action === 'control.create_tenant' ? id : tenant?.id;
  return made === undefined ? {} : { concerns: made as TenantId };
};

/** What a request has made: its address, and its tenant where it is one. Nothing else of an answer is kept. */
export const madeBy = (
  { action, resource }: AuditAttempt,
  reply: ApiReply,
  payload: unknown,
): Pick<AuditEnding, 'resource' | 'concerns'> => {
  if (reply.statusCode !== 201) return {};
  const made = madeOf(payload);
  return { ...addressOf(reply, resource, made), ...tenantOf(action, made) };
};
