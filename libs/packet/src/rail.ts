import type { Principal } from './commands.js';
import type { TenantId } from './ids.js';

/** Who sends the commands of timers and of the router: nobody's key, the rail itself. */
export const railPrincipal = (tenant_id: TenantId): Principal => ({
  tenant_id,
  key_id: 'rail',
  role: 'admin',
  type: 'system',
});
