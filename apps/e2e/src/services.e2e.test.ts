import { afterAll, beforeAll, describe } from 'vitest';
import { type Rail, startRail } from '#libs/testing';
import { describeJourneys } from './journey.js';

describe('the separate services', () => {
  let rail: Rail;
  beforeAll(async () => {
    rail = await startRail({ services: true });
  });
  afterAll(() => rail?.stop());
  describeJourneys(() => rail);
});
