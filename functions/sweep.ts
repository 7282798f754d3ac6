// Every 5 minutes: completes or cancels interrupted bookings, and deletes expired rows.
import { serveTimer } from '../shared/serve.ts';
import { recordRefreshes } from '../shared/telemetry/metrics.ts';

serveTimer('sweep', async ({ runSweep, log }) => {
  const report = await runSweep();
  const { refreshed, followed, resubscribed, unfinished } = report;
  recordRefreshes({ refreshed, followed, resubscribed, unfinished });
  log.info('timer_completed', { timer: 'sweep', ...report });
});
