import { afterAll, beforeAll } from '@jest/globals';
import { createBookingApp } from '../support/booking-harness.ts';
import { describeBookingService } from '../support/booking-service-contract.ts';

let app: Awaited<ReturnType<typeof createBookingApp>>;
beforeAll(async () => {
  app = await createBookingApp();
});
afterAll(() => app.close());

describeBookingService('the booking service on tables and Microsoft’s stand-in', async () => {
  await app.clear();
  return { service: () => app.service() };
});
