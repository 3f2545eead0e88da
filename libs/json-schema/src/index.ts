export type { Issue, Schema } from './keywords.js';
export { checkSchema, validate } from './validate.js';
export { warmUp } from './warm-up.js';
