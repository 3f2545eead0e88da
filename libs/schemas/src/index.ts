export { SchemaRegistry } from './schema-registry.js';
export type { StoredSchema } from './schema-registry.js';
