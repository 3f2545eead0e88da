import { CONFIG, type Config, NATS } from '#libs/service-kit';
import type { NatsConnection } from '@nats-io/nats-core';
import { ApprovalLinks } from './approval-links.js';
import { LinkAnswers } from './link-answers.js';
import { LinkPagesController } from './link-pages.controller.js';
import { LinkRecords } from './link-records.js';
import { LinkVisits } from './link-visits.js';
import { LinksController } from './links.controller.js';

/** The routes of one-time links: those that make them, and the pages behind them. */
export const linkControllers = [LinksController, LinkPagesController];

const openRecords = {
  provide: LinkRecords,
  inject: [NATS, CONFIG],
  useFactory: (nats: NatsConnection, config: Config) => LinkRecords.open({ nats, config }),
};

export const linkProviders = [openRecords, ApprovalLinks, LinkVisits, LinkAnswers];
