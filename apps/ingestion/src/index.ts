export { ingestionHandler } from './ingestion-handler.js';
export { IngestionModule } from './ingestion.module.js';
