// Every 15 minutes: a slice of the daily run that keeps every connection alive. Most find the day's run done.
import { app } from '@azure/functions';
import { services } from '../shared/app.ts';
import { recordConnections } from '../shared/telemetry/metrics.ts';

const COUNT_MS = 60_000;

export async function keepAlive(): Promise<void> {
  const { connections, log } = services();
  const report = await connections.keepAlive();
  if (report.outcome !== 'skipped') log.info('timer_completed', { timer: 'keep-alive', ...report });
  if (report.outcome === 'completed') {
    const { connections: counts } = await connections.health(AbortSignal.timeout(COUNT_MS));
    recordConnections(counts);
  }
}

app.timer('keepAlive', { schedule: '0 */15 * * * *', runOnStartup: false, handler: keepAlive });
