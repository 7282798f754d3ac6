// GET /health: monitors ask what works and what does not. No secrets, no personal data.
import type { App } from '../shared/app.ts';
import { buildId } from '../shared/core/build-id.ts';
import { withDeadline } from '../shared/core/deadline.ts';
import { isAppError } from '../shared/core/errors.ts';
import { isoTime } from '../shared/http/responses.ts';
import { configProblems } from '../shared/running-app.ts';
import { serveRoute } from '../shared/serve.ts';

serveRoute('health', {
  GET: ({ app }) => (app ? report(app) : reportProblems()),
});

async function report({ config, connections, healthCounts, healthMs, log, microsoftUse, pingTables }: App) {
  const { status: microsoft, at } = microsoftUse.last();
  const rest = {
    build: buildId,
    settings: 'ok',
    key_references: 'ok',
    mail: config.mail ? 'configured' : 'not_configured',
    microsoft,
    microsoft_used_at: isoTime(at),
  } as const;
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
      const body = {
        status: isWell ? 'ok' : 'degraded',
        tables: 'ok',
        ...rest,
        connections: connected?.connections ?? null,
        oldest_refresh_at: isoTime(connected?.oldestRefreshAt ?? null),
        counts,
      } as const;
      return { status: 200, body } as const;
    });
  } catch (error) {
    if (!isAppError(error, 'storage_unavailable', 'deadline_exceeded')) throw error;
    return { status: 503, body: { status: 'failing', tables: 'unreachable', ...rest } } as const;
  }
}

function reportProblems() {
  const problems = configProblems();
  const body = {
    status: 'misconfigured',
    build: buildId,
    settings: problems.map(({ setting, expected }) => ({ setting, expected })),
    key_references: problems.filter(({ unresolved }) => unresolved).map(({ setting }) => setting),
  } as const;
  return { status: 503, body } as const;
}
