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
export { localCommands } from './local-commands.js';
export { createLogger, nestLogger } from './logger.js';
export type { Logger } from './logger.js';
export { main } from './main.js';
export type { Running } from './main.js';
export { renderMetrics, startMetrics } from './metrics.js';
export { sendOverNats } from './nats-commands.js';
export { startRuntime } from './runtime.js';
export type { Runtime, RuntimeOptions } from './runtime.js';
export { CONFIG, LOGGER, NATS, RuntimeModule, SEND_COMMAND } from './runtime.module.js';
export { startTelemetry } from './telemetry.js';
