import { describeBookingService } from '../support/booking-service-contract.ts';
import { NOW } from '../support/conversation.ts';
import { createFakeBookingServices } from '../support/fake-booking-service.ts';

describeBookingService('the fake booking service', () => {
  const fake = createFakeBookingServices(() => NOW);
  return Promise.resolve({
    async service() {
      const opened = await fake.bookingServiceFor('+15555550001', new AbortController().signal);
      if (!opened.ok) throw new Error(opened.reason);
      return opened.service;
    },
  });
});
