// Every 10 minutes: reads the listing feeds that are due. Usually there are none.
import { serveTimer } from '../shared/serve.ts';

serveTimer('feeds', async ({ properties, log }) => {
  const report = await properties.runDueFeeds();
  if (report.read + report.failed + report.held > 0)
    log.info('timer_completed', { timer: 'feeds', ...report });
});
