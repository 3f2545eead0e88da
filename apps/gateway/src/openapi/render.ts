import { packetSchema } from '#libs/contracts';
import { apiRoutes } from '../controllers.js';
import { asyncApi } from './asyncapi.js';
import { openApi } from './openapi.js';

/** The OpenAPI 3.1 document of the HTTP API, as text. */
export const renderOpenApi = (): string => JSON.stringify(openApi(apiRoutes()));

/** The AsyncAPI 3 document of the NATS subjects, as text. */
export const renderAsyncApi = (): string => JSON.stringify(asyncApi());

/** The JSON Schema of the packet document, as text. */
export const renderPacketSchema = (): string => JSON.stringify(packetSchema());
