import type { CommandService } from '#libs/contracts';
import { NestFactory } from '@nestjs/core';
import { type DynamicModule, Module, type Type } from '@nestjs/common';
import { CommandServer } from './command-server.js';
import { serveHealth } from './health.js';
import { nestLogger } from './logger.js';
import { main, type Running } from './main.js';
import { RuntimeModule } from './runtime.module.js';
import { type Runtime, startRuntime } from './runtime.js';

@Module({})
class ServiceModule {}

/** An application's root: its modules on top of the runtime. */
export const rootModule = (runtime: Runtime, ...modules: (Type | DynamicModule)[]): DynamicModule => ({
  module: ServiceModule,
  imports: [RuntimeModule.with(runtime), ...modules],
});

const withHealth = async (runtime: Runtime, running: Running): Promise<Running> => {
  const { config, health } = runtime;
  const server =
    config.healthPort === undefined ? undefined : await serveHealth(health, config.host, config.healthPort);
  return {
    stop: async () => {
      health.draining = true;
      await running.stop();
      await runtime.stop();
      server?.close();
    },
  };
};

/**
 * Runs one service as a process of its own.
 * @param start begins the service's work on the runtime, which is stopped after it.
 */
export const boot = (
  service: string,
  start: (runtime: Runtime) => Promise<Running>,
  options: { owner?: boolean } = {},
): Promise<void> =>
  main(service, async (config, logger) => {
    const runtime = await startRuntime({ service, config, logger, ...options });
    const running = await withHealth(runtime, await start(runtime));
    logger.info('ready');
    return running;
  });

/** Answers a service's commands over NATS, through the message patterns of its module. */
export const answerCommands =
  (service: CommandService, module: Type | DynamicModule) =>
  async (runtime: Runtime): Promise<Running> => {
    const strategy = new CommandServer(runtime.nats, service, runtime.config.drainMs);
    const app = await NestFactory.createMicroservice(rootModule(runtime, module), {
      strategy,
      logger: nestLogger(runtime.logger),
      abortOnError: false,
    });
    await app.listen();
    return { stop: () => app.close() };
  };
