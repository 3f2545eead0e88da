import { answerCommands, requireUrl, type Running, type Runtime, type RuntimeParts } from '#libs/service-kit';
import { ClaimNext } from './claim-next/claim-next.js';
import { claimingHandler } from './claiming-handler.js';
import { ClaimingModule } from './claiming.module.js';

/** Opens claim-next on a runtime. @throws ConfigError without a database */
export const openClaimNext = ({ nats, log, agents, router, config, logger }: RuntimeParts): ClaimNext =>
  ClaimNext.open({
    ...{ nats, log, agents, logger },
    databaseUrl: requireUrl(config, 'databaseUrl', 'claiming'),
    claim: claimingHandler(log, router),
    ageingMs: config.ageingSeconds * 1_000,
  });

/** Answers what claiming owns, over NATS. Stopping ends the waits for work before it drains. */
export const startClaiming = async (runtime: Runtime): Promise<Running> => {
  const claimNext = openClaimNext(runtime);
  const service = await answerCommands('claiming', ClaimingModule.with(claimNext))(runtime);
  return {
    stop: async () => {
      claimNext.endWaits();
      await service.stop();
      await claimNext.stop();
    },
  };
};
