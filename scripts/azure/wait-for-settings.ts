// Azure does not say when the instances of an app have read their settings again: old ones answer beside new ones for a while.
import { z } from 'zod';
import { askHealth } from './ask-health.ts';
import { MINUTE_MS, SECOND_MS } from '../../shared/core/duration.ts';
import { pause } from '../../shared/core/retry.ts';

/** How to wait until an app has read its settings. */
export interface SettingsWait {
  /** Such as https://func-....azurewebsites.net */
  readonly origin: string;
  /** What was read before this does not count: milliseconds of `now`. */
  readonly refreshedAt: number;
  /** Whether Azure knows of functions of the app. Asked if what answers is no code of ours. */
  readonly hasFunctions: () => Promise<boolean>;
  /** Shows a line of progress. */
  readonly say: (line: string) => void;
  /** How many answers in a row must come from settings that were read since; default 6. */
  readonly timesRunning?: number;
  /** In milliseconds, between two questions; default 5,000. */
  readonly pauseMs?: number;
  /** In milliseconds; default 10 minutes. */
  readonly timeoutMs?: number;
  /** Milliseconds from any point in time; default this process's clock. */
  readonly now?: () => number;
}

const health = z.object({
  settings_age_seconds: z.number(),
  settings: z
    .array(z.object({ setting: z.string(), expected: z.string() }))
    .or(z.string().transform(() => [])),
  key_references: z.array(z.string()).or(z.string().transform(() => [])),
});
type Health = z.output<typeof health>;

function readHealth(body: string): Health | null {
  try {
    return health.safeParse(JSON.parse(body)).data ?? null;
  } catch {
    // A page, not JSON: no code of ours answered.
    return null;
  }
}

/** What keeps an answer from being proof; null if it is proof. */
function findDoubt(
  answer: Health | null,
  status: number,
  body: string,
  sinceRefreshMs: number,
): string | null {
  if (answer === null)
    return status === 0 ? `no answer (${body.slice(0, 200)})` : `${status}, and not how old the settings are`;
  if (answer.key_references.length > 0)
    return `the app does not have ${answer.key_references.join(', ')} yet`;
  return answer.settings_age_seconds * SECOND_MS <= sinceRefreshMs
    ? null
    : 'an instance answers that read its settings before';
}

/**
 * Waits until /health has answered several times running from settings that were read after a refresh.
 * @returns `no_code` if there is nothing yet that could read them
 * @throws Error that says what still answers, or which settings the app has read and cannot use, or that the code is too old to say
 */
export async function waitForSettings({
  origin,
  refreshedAt,
  hasFunctions,
  say,
  timesRunning = 6,
  pauseMs = 5 * SECOND_MS,
  timeoutMs = 10 * MINUTE_MS,
  now = () => performance.now(),
}: SettingsWait): Promise<'read' | 'no_code'> {
  const startedAt = now();
  let running = 0;
  let olderRunning = 0;
  let lastLine = '';
  for (;;) {
    const askedAt = now();
    const { status, body, build } = await askHealth(origin);
    const answer = readHealth(body);
    if (answer === null && !(await hasFunctions())) return 'no_code';

    // One such answer alone may come from an instance that is being replaced.
    olderRunning = build !== null && !body.includes('"settings_age_seconds"') ? olderRunning + 1 : 0;
    if (olderRunning >= timesRunning)
      throw new Error(
        'Azure has resolved the references, but an older build answers, which cannot say when it read them. Publish the code (step 5 of docs/deploy.md), and then run this again.',
      );
    const doubt = findDoubt(answer, status, body, askedAt - refreshedAt);
    running = doubt === null ? running + 1 : 0;
    if (running >= timesRunning) {
      const bad = answer?.settings ?? [];
      if (bad.length === 0) return 'read';
      throw new Error(
        `The app has read the secrets, and cannot run with its settings:\n${bad.map(({ setting, expected }) => `  ${setting} should be ${expected}`).join('\n')}`,
      );
    }
    const waitedMs = now() - startedAt;
    if (waitedMs >= timeoutMs)
      throw new Error(
        `Azure has resolved the references, but the app has not shown in ${Math.round(timeoutMs / MINUTE_MS)} minutes that it has read them: ${doubt ?? 'others share the answers'}. Restart it (az functionapp restart). After that, settings_age_seconds of /health says how long ago each instance read them.`,
      );
    const line = doubt ?? `settings that were read since answer, ${running} of ${timesRunning} times running`;
    if (line !== lastLine) say(`${Math.round(waitedMs / 1000)} s: ${line}`);
    lastLine = line;
    await pause(pauseMs);
  }
}
