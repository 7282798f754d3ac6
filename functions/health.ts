// GET /health: monitors ask what works and what does not. No secrets, no personal data.
import { app } from '@azure/functions';
import type { HttpResponseInit } from '@azure/functions';
import { configProblems, currentLog, services } from '../shared/app.ts';
import { buildId } from '../shared/core/build-id.ts';
import { withDeadline } from '../shared/core/deadline.ts';
import { isAppError, statusOf } from '../shared/core/errors.ts';
import { answer, isoTime, jsonAnswer } from '../shared/http/responses.ts';

async function report(): Promise<HttpResponseInit> {
  const { config, connections, healthCounts, healthMs, log, microsoftUse, pingTables } = services();
  const { status: microsoft, at } = microsoftUse.last();
  const rest = {
    build: buildId,
    settings: 'ok',
    key_references: 'ok',
    mail: config.mail ? 'configured' : 'not_configured',
    microsoft,
    microsoft_used_at: isoTime(at),
  };
  try {
    return await withDeadline(healthMs, async (deadline) => {
      const [connected, counts] = await Promise.all([
        deadline.within(connections.health(deadline.signal)).catch((error: unknown) => {
          log.error('health_count_unknown', { count: 'connections' }, error);
          return null;
        }),
        healthCounts.read(deadline.signal),
        deadline.within(pingTables(deadline.signal)),
      ]);
      const isWell =
        connected !== null && microsoft !== 'failing' && Object.values(counts).every((count) => count === 0);
      return jsonAnswer(200, {
        status: isWell ? 'ok' : 'degraded',
        tables: 'ok',
        ...rest,
        connections: connected?.connections ?? null,
        oldest_refresh_at: isoTime(connected?.oldestRefreshAt ?? null),
        counts,
      });
    });
  } catch (error) {
    if (!isAppError(error, 'storage_unavailable', 'deadline_exceeded')) throw error;
    return jsonAnswer(statusOf('storage_unavailable'), { status: 'failing', tables: 'unreachable', ...rest });
  }
}

export function health(): Promise<HttpResponseInit> {
  return answer(currentLog, false, async () => {
    const problems = configProblems();
    if (problems.length === 0) return report();
    return jsonAnswer(statusOf('misconfigured'), {
      status: 'misconfigured',
      build: buildId,
      settings: problems.map(({ setting, expected }) => ({ setting, expected })),
      key_references: problems.filter(({ unresolved }) => unresolved).map(({ setting }) => setting),
    });
  });
}

app.http('health', { methods: ['GET', 'HEAD'], authLevel: 'anonymous', route: 'health', handler: health });

// The log says which settings are bad when the app starts, not when somebody first asks.
app.hook.appStart(() => {
  configProblems();
});
