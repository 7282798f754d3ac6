// Every 15 minutes: a slice of the daily run that keeps every connection alive, and then the rest of the day's work. Usually
// both are done and there is nothing to do.
import { deadlineSignal } from '../shared/core/deadline.ts';
import { MINUTE_MS } from '../shared/core/duration.ts';
import { serveTimer } from '../shared/serve.ts';
import { recordConnections, recordSubscriptions } from '../shared/telemetry/metrics.ts';

serveTimer('keepAlive', async ({ connections, log, runDailyOnce }) => {
  const { isOver, ...report } = await connections.keepAlive();
  if (report.outcome !== 'skipped') log.info('timer_completed', { timer: 'keepAlive', ...report });
  // An alert watches this line, so it says that the accounts and the rest are done.
  const daily = isOver ? await runDailyOnce() : null;
  if (daily) log.info('daily_run_completed', { ...daily });
  if (report.outcome === 'completed') {
    const health = await connections.health(deadlineSignal(MINUTE_MS));
    recordConnections(health.connections);
    recordSubscriptions({ on: health.notificationsOn, off: health.notificationsOff });
  }
});
