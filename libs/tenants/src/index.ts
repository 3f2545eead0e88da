export { TenantRegistry } from './tenant-registry.js';
export type { NameRecord, TenantRecord } from './tenant.js';
