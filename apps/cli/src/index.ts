export { renderCommands } from './reference.js';
