export { auditPage } from './browser/audit-page.js';
export { openBrowser, type PageOptions, type TestBrowser, type TestPage } from './browser/open-browser.js';
export { fencedBlocks } from './fenced-blocks.js';
export { type Fleet, type ServiceName, startFleet } from './fleet.js';
export { freePort } from './free-port.js';
export { type Answer, type Client, createClient } from './http.js';
export { realisticPacket, smallPacket } from './packets.js';
export { newApiKey, type Rail, type ServiceProcess, startProcess, startRail, untilReady } from './rail.js';
export { startServers, type StartServersOptions, type TestServers } from './servers.js';
