import { answerCommands, boot } from '#libs/service-kit';
import { ApprovalsModule } from './approvals.module.js';

await boot('approvals', answerCommands('approvals', ApprovalsModule));
