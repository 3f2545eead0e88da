import { boot } from '#libs/service-kit';
import { bootstrapAdmin } from './auth/bootstrap-admin.js';
import { startGateway } from './start-gateway.js';

await boot('gateway', async (runtime) => {
  const key = await bootstrapAdmin(runtime.nats, { givenKey: runtime.config.bootstrapApiKey });
  // Not through the logger: logs are kept and shipped, and this is the only time that anybody sees it.
  if (key !== null) process.stdout.write(`The first admin key, shown this once: ${key}\n`);
  return startGateway(runtime);
});
