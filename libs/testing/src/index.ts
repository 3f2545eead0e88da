export { startServers, type StartServersOptions, type TestServers } from './servers.js';
