export type { Issue, Schema } from './keywords.js';
export { checkSchema, validate } from './validate.js';
