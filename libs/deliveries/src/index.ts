export { type DeliveryDatabase, deliverySchema, openDeliveries } from './data-source.js';
export { deliveryId, deliveryStatuses } from './delivery.js';
export type { Attempt, Delivery, DeliveryStatus, NewDelivery } from './delivery.js';
export { findDelivery, listDeliveries, parseDeliveryCursor } from './queries.js';
export type { DeliveryFilter, DeliveryPage, DeliveryRequest } from './queries.js';
