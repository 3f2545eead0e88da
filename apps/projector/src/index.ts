export { Announcer } from './announcer.js';
export { ProjectorModule } from './projector.module.js';
