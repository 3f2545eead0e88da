export { consumePacketTimers } from './consume-packet-timers.js';
export type { PacketTimerOptions } from './consume-packet-timers.js';
export { consumeTimers } from './consume-timers.js';
export type { ConsumeTimersOptions } from './consume-timers.js';
export type { DueTimer, Timer, TimerId } from './timer.js';
export { Timers } from './timers.js';
export type { TimersOptions } from './timers.js';
