import { answerCommands, boot } from '#libs/service-kit';
import { IngestionModule } from './ingestion.module.js';

// Every rail has an ingestion, so it is the one that makes the streams.
await boot('ingestion', answerCommands('ingestion', IngestionModule), { owner: true });
