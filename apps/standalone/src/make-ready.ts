import { type Config, type Logger, startRuntime } from '#libs/service-kit';

/** Makes the streams and the first admin key, which is returned when it is new. */
export const makeReady = async (config: Config, logger: Logger): Promise<string | null> => {
  const [{ bootstrapAdmin }, runtime] = await Promise.all([
    import('#apps/gateway'),
    startRuntime({ service: 'services', config, logger, owner: true }),
  ]);
  try {
    return await bootstrapAdmin(runtime.nats, { givenKey: config.bootstrapApiKey });
  } finally {
    await runtime.stop();
  }
};
