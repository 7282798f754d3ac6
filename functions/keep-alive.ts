// Every 15 minutes: a slice of the daily run that keeps every connection alive. Usually the day's run is complete and there is
// nothing to do.
import { deadlineSignal } from '../shared/core/deadline.ts';
import { MINUTE_MS } from '../shared/core/duration.ts';
import { serveTimer } from '../shared/serve.ts';
import { recordConnections, recordSubscriptions } from '../shared/telemetry/metrics.ts';

serveTimer('keepAlive', async ({ connections, log, runDaily }) => {
  const report = await connections.keepAlive();
  if (report.outcome !== 'skipped') log.info('timer_completed', { timer: 'keepAlive', ...report });
  if (report.outcome === 'completed') {
    const health = await connections.health(deadlineSignal(MINUTE_MS));
    recordConnections(health.connections);
    recordSubscriptions({ on: health.notificationsOn, off: health.notificationsOff });
    log.info('daily_run_completed', { ...(await runDaily()) });
  }
});
