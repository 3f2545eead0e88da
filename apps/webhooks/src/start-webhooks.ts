import { answerCommands, type Running, type Runtime } from '#libs/service-kit';
import { Webhooks } from './webhooks.js';
import { WebhooksModule } from './webhooks.module.js';

/** Fans out and delivers, and answers what is asked of webhooks over NATS. */
export const startWebhooks = async (runtime: Runtime): Promise<Running> => {
  const webhooks = await Webhooks.open(runtime);
  const service = await answerCommands('webhooks', WebhooksModule.with(webhooks))(runtime);
  return {
    stop: async () => {
      await service.stop();
      await webhooks.stop();
    },
  };
};
