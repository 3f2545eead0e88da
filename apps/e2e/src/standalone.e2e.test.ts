import { afterAll, beforeAll, describe } from 'vitest';
import { type Rail, startRail } from '#libs/testing';
import { describeJourneys } from './journey.js';

describe('the standalone rail', () => {
  let rail: Rail;
  beforeAll(async () => {
    rail = await startRail();
  });
  afterAll(() => rail?.stop());
  describeJourneys(() => rail);
});
