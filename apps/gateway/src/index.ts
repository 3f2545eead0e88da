export { bootstrapAdmin } from './auth/bootstrap-admin.js';
export { GatewayModule } from './gateway.module.js';
export { renderAsyncApi, renderOpenApi, renderPacketSchema } from './openapi/render.js';
export { startGateway } from './start-gateway.js';
export type { RunningGateway } from './start-gateway.js';
