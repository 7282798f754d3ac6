// Every 5 minutes: bookings that a crash cut short are finished or freed, and what is old is forgotten.
import { app } from '@azure/functions';
import { services } from '../shared/app.ts';

export async function sweep(): Promise<void> {
  const { runSweep, log } = services();
  log.info('timer_completed', { timer: 'sweep', ...(await runSweep()) });
}

app.timer('sweep', { schedule: '0 */5 * * * *', runOnStartup: false, handler: sweep });
