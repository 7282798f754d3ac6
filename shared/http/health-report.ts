// What GET /health answers: whether the app can serve, and what is amiss while it does. No secrets, no personal data.
import type { Connections } from '../connections/connections.ts';
import { buildId } from '../core/build-id.ts';
import { withDeadline } from '../core/deadline.ts';
import { isAppError } from '../core/errors.ts';
import type { HealthCounts } from '../core/health-counts.ts';
import type { LastUse } from '../core/last-use.ts';
import type { Log } from '../core/log.ts';
import { isoTime } from './responses.ts';

/** What the report is made from. */
export interface HealthSources {
  readonly connections: Pick<Connections, 'health'>;
  readonly healthCounts: Pick<HealthCounts, 'read'>;
  /** How long all of it may take, in milliseconds. */
  readonly healthMs: number;
  readonly log: Log;
  /** Of Microsoft's sign-in and Graph. */
  readonly microsoftUse: Pick<LastUse, 'last'>;
  /** @throws AppError `storage_unavailable` if the tables do not answer */
  readonly pingTables: (signal: AbortSignal) => Promise<void>;
}

/**
 * The report of an app whose settings are good: 503 for unreachable tables alone, else `ok` or `degraded`.
 * @param hasMail whether the settings say how mail leaves
 * @param settingsAgeSeconds how long ago this instance read its settings
 */
export async function reportHealth(
  { connections, healthCounts, healthMs, log, microsoftUse, pingTables }: HealthSources,
  hasMail: boolean,
  settingsAgeSeconds: number,
) {
  const { status: microsoft, at } = microsoftUse.last();
  const rest = {
    build: buildId,
    settings: 'ok',
    settings_age_seconds: settingsAgeSeconds,
    key_references: 'ok',
    mail: hasMail ? 'configured' : 'not_configured',
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

/** A setting that keeps the app from running. */
interface BadSetting {
  readonly setting: string;
  readonly expected: string;
  /** It is a Key Vault reference that Azure has not resolved. */
  readonly unresolved?: boolean | undefined;
}

/** The report of an app with bad settings: which, and what they should be; never their values. */
export function reportBadSettings(problems: readonly BadSetting[], settingsAgeSeconds: number) {
  const body = {
    status: 'misconfigured',
    build: buildId,
    settings: problems.map(({ setting, expected }) => ({ setting, expected })),
    settings_age_seconds: settingsAgeSeconds,
    key_references: problems.filter(({ unresolved }) => unresolved).map(({ setting }) => setting),
  } as const;
  return { status: 503, body } as const;
}
