// Azure reads the references to secrets when settings are written, and then once a day. If the vault did not know of the app's role
// yet, or the secret was stored later, they stay unresolved, and the app cannot start: until somebody asks for a refresh.
import type { FunctionApp, KeyReference } from './function-app.ts';
import { MINUTE_MS, SECOND_MS } from '../../shared/core/duration.ts';
import { pause } from '../../shared/core/retry.ts';

/** How to wait for the Key Vault references of an app. */
export interface ReferenceWait {
  /** Shows a line of progress. */
  readonly say: (line: string) => void;
  /** In milliseconds; default 15 minutes. A new role takes up to 10 until the vault knows of it. */
  readonly timeoutMs?: number;
  /** In milliseconds, between two looks; default 15,000. */
  readonly pauseMs?: number;
  /** Asks for a refresh even if all are resolved: a secret was changed. */
  readonly refreshFirst?: boolean;
}

/** What was waited for. */
export interface ResolvedReferences {
  readonly count: number;
  /** When the last refresh ended, in milliseconds of `performance.now()`; null if none was needed. */
  readonly refreshedAt: number | null;
}

/** A secret that is not there after so many refreshes will not come by itself. */
const REFRESHES_FOR_A_MISSING_SECRET = 3;

function whatToDo({ status, secret, vault }: KeyReference): string {
  if (status === 'SecretNotFound' || status === 'SecretVersionNotFound')
    return `store it: az keyvault secret set --vault-name ${vault} --name ${secret} --value ...`;
  if (status === 'AccessToKeyVaultDenied')
    return "the app's identity has no role on the vault, or it cannot reach it: run step 4 of docs/deploy.md again";
  if (status === 'VaultNotFound')
    return `the vault ${vault} is not there: docs/operate.md, "A lost Key Vault"`;
  return 'see _Environment variables_ of the app in the portal';
}

function describe(unresolved: ReadonlyMap<string, KeyReference>): string {
  return [...unresolved]
    .map(
      ([setting, reference]) =>
        `  ${setting}, secret ${reference.secret}: ${reference.status}; ${whatToDo(reference)}`,
    )
    .join('\n');
}

/**
 * Waits until Azure has resolved every Key Vault reference of the app, and asks for a refresh each time it has not.
 * @returns how many references there are, and when the last refresh ended
 * @throws Error that names the ones that are not resolved, and what to do
 */
export async function waitForKeyReferences(
  app: Pick<FunctionApp, 'readReferences' | 'refreshReferences'>,
  { say, timeoutMs = 15 * MINUTE_MS, pauseMs = 15 * SECOND_MS, refreshFirst = false }: ReferenceWait,
): Promise<ResolvedReferences> {
  const startedAt = performance.now();
  let refreshedAt: number | null = null;
  const refresh = async (): Promise<void> => {
    await app.refreshReferences();
    refreshedAt = performance.now();
  };
  if (refreshFirst) await refresh();
  for (let refreshes = 0; ; refreshes++) {
    const references = await app.readReferences();
    const unresolved = new Map([...references].filter(([, { status }]) => status !== 'Resolved'));
    if (unresolved.size === 0) return { count: references.size, refreshedAt };

    const isMissing = [...unresolved.values()].every(({ status }) => status.endsWith('NotFound'));
    if (isMissing && refreshes >= REFRESHES_FOR_A_MISSING_SECRET)
      throw new Error(`These Key Vault references lead to nothing:\n${describe(unresolved)}`);
    const waitedMs = performance.now() - startedAt;
    if (waitedMs >= timeoutMs)
      throw new Error(
        `After ${Math.round(timeoutMs / MINUTE_MS)} minutes these Key Vault references are still not resolved:\n${describe(unresolved)}`,
      );
    const names = [...unresolved].map(([setting, { status }]) => `${setting} (${status})`).join(', ');
    say(`${Math.round(waitedMs / 1000)} s: waiting for ${names}`);
    await refresh();
    await pause(pauseMs);
  }
}
