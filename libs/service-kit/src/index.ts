export { answerCommands, boot, rootModule } from './boot.js';
export {
  ConfigError,
  packetLimits,
  readConfig,
  renderConfigTable,
  requireUrl,
  StartError,
} from './config.js';
export type { Config } from './config.js';
export { HealthChecks, serveHealth } from './health.js';
export type { CheckResult, HealthReport } from './health.js';
export { localRequests } from './local-requests.js';
export type { LocalServices } from './local-requests.js';
export { createLogger, nestLogger } from './logger.js';
export type { Logger } from './logger.js';
export { main } from './main.js';
export type { Running } from './main.js';
export { renderMetrics, startMetrics } from './metrics.js';
export { requestOverNats } from './nats-requests.js';
export type { Requests } from './nats-requests.js';
export { findServers, noteServers } from './running-servers.js';
export type { ServerUrls } from './running-servers.js';
export { startRuntime } from './runtime.js';
export type { Runtime, RuntimeOptions, RuntimeParts } from './runtime.js';
export { CONFIG, LOGGER, NATS, RuntimeModule, SEND_CALL, SEND_COMMAND } from './runtime.module.js';
export { startTelemetry } from './telemetry.js';
