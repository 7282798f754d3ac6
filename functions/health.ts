// GET /health: monitors ask what works and what does not. No secrets, no personal data.
import { app } from '@azure/functions';
import type { HttpResponseInit } from '@azure/functions';
import { isAppError, statusOf } from '../shared/core/errors.ts';
import { answer, isoTime, jsonAnswer, requestDeadline } from '../shared/http/responses.ts';
import { configProblems, currentLog, services } from '../shared/app.ts';

async function report(): Promise<HttpResponseInit> {
  const { config, connections, pingTables } = services();
  const signal = requestDeadline();
  const mail = config.mail ? 'configured' : 'not_configured';
  try {
    await pingTables(signal);
    const { connections: counts, oldestRefreshAt } = await connections.health(signal);
    return jsonAnswer(200, {
      status: 'ok',
      tables: 'ok',
      mail,
      connections: counts,
      oldest_refresh_at: isoTime(oldestRefreshAt),
    });
  } catch (error) {
    if (!isAppError(error, 'storage_unavailable', 'deadline_exceeded')) throw error;
    return jsonAnswer(statusOf('storage_unavailable'), { status: 'failing', tables: 'unreachable', mail });
  }
}

export function health(): Promise<HttpResponseInit> {
  return answer(currentLog, false, () => {
    const problems = configProblems();
    if (problems.length === 0) return report();
    return Promise.resolve(
      jsonAnswer(statusOf('misconfigured'), { status: 'misconfigured', settings: problems }),
    );
  });
}

app.http('health', { methods: ['GET', 'HEAD'], authLevel: 'anonymous', route: 'health', handler: health });

// The log says which settings are bad when the app starts, not when somebody first asks.
app.hook.appStart(() => {
  configProblems();
});
