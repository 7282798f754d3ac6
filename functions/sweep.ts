// Every 5 minutes: completes or cancels interrupted bookings, and deletes expired rows.
import { serveTimer } from '../shared/serve.ts';

serveTimer('sweep', async ({ runSweep, log }) => {
  log.info('timer_completed', { timer: 'sweep', ...(await runSweep()) });
});
