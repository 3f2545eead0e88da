import { boot, nestLogger, rootModule } from '#libs/service-kit';
import { NestFactory } from '@nestjs/core';
import { ProjectorModule } from './projector.module.js';

await boot('projector', async (runtime) => {
  const app = await NestFactory.createApplicationContext(rootModule(runtime, ProjectorModule), {
    logger: nestLogger(runtime.logger),
    abortOnError: false,
  });
  return { stop: () => app.close() };
});
