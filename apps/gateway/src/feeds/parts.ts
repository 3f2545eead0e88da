import { PacketLog } from '#libs/event-log';
import { LOGGER, type Logger, NATS } from '#libs/service-kit';
import type { NatsConnection } from '@nats-io/nats-core';
import { ProjectedPosition } from '../reads/projected-position.js';
import { ReadDatabase } from '../reads/read-database.js';
import { EventsController } from './events.controller.js';
import { Feeds } from './feeds.js';
import { FeedSessions } from './feed-sessions.js';
import { OpenStreams } from './open-streams.js';
import { WsController } from './ws.controller.js';

/** The routes of live feeds. */
export const feedControllers = [EventsController, WsController];

type Injected = [NatsConnection, PacketLog, Logger, ReadDatabase, ProjectedPosition];

const feeds = {
  provide: Feeds,
  inject: [NATS, PacketLog, LOGGER, ReadDatabase, ProjectedPosition],
  useFactory: (...[nats, log, logger, database, projected]: Injected) =>
    new Feeds({ nats, log, logger, database, projected }),
};

export const feedProviders = [OpenStreams, feeds, FeedSessions];
