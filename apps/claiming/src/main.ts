import { answerCommands, boot } from '#libs/service-kit';
import { ClaimingModule } from './claiming.module.js';

await boot('claiming', answerCommands('claiming', ClaimingModule));
