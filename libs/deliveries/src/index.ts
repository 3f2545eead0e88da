export {
  deliveryBacklog,
  endDeliveries,
  recoverDeliveries,
  replayDelivery,
  sweepDeliveries,
  type Backlog,
} from './again.js';
export { type DeliveryDatabase, PreparedDeliveries } from './data-source.js';
export { deliveryId, deliveryStatuses } from './delivery.js';
export type { Attempt, Delivery, DeliveryStatus, NewDelivery } from './delivery.js';
export { fannedOut, insertDeliveries, insertFannedOut, rewindFanOut } from './insert.js';
export { findDelivery, listDeliveries, parseDeliveryCursor } from './queries.js';
export type { DeliveryFilter, DeliveryPage, DeliveryRequest } from './queries.js';
export { moveReplay, startReplay, takeReplay, type Replay } from './replays.js';
export { settleAttempts } from './settle.js';
export type { EndpointStanding, SettledAttempt } from './settle.js';
export { giveBackDeliveries, nextDue, reserveSendings, takeDue, type TakenDelivery } from './take.js';
export { deliveryStanding } from './standing.js';
export type { DeliveryStanding } from './standing.js';
