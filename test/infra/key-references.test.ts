import { describe, expect, test } from '@jest/globals';
import type { KeyReference } from '../../scripts/azure/function-app.ts';
import { waitForKeyReferences } from '../../scripts/azure/key-references.ts';

/** An app whose reference has one status after the other, a refresh apart; the last stays. */
function createApp(...statuses: readonly string[]): {
  refreshes: number;
  readReferences: () => Promise<Map<string, KeyReference>>;
  refreshReferences: () => Promise<void>;
} {
  const app = {
    refreshes: 0,
    readReferences: () => {
      const status = statuses[Math.min(app.refreshes, statuses.length - 1)] ?? '';
      return Promise.resolve(new Map([['SMTP_URL', { status, secret: 'smtp-url', vault: 'kv1' }]]));
    },
    refreshReferences: () => {
      app.refreshes++;
      return Promise.resolve();
    },
  };
  return app;
}

describe('waiting for the Key Vault references', () => {
  test('requests nothing if all are resolved', async () => {
    const app = createApp('Resolved');
    expect(await waitForKeyReferences(app, { say: () => undefined })).toEqual({
      count: 1,
      refreshedAt: null,
    });
    expect(app.refreshes).toBe(0);
  });

  test('requests a refresh anyway if a secret was changed', async () => {
    const app = createApp('Resolved');
    const before = performance.now();
    const { refreshedAt } = await waitForKeyReferences(app, { say: () => undefined, refreshFirst: true });
    expect(app.refreshes).toBe(1);
    expect(refreshedAt).toBeGreaterThanOrEqual(before);
  });

  test('refreshes until they are resolved, and says what it waits for', async () => {
    const lines: string[] = [];
    const app = createApp('AccessToKeyVaultDenied', 'AccessToKeyVaultDenied', 'Resolved');
    await waitForKeyReferences(app, { say: (line) => lines.push(line), pauseMs: 0 });
    expect(app.refreshes).toBe(2);
    expect(lines).toEqual([
      expect.stringMatching(/^\d+ s: waiting for SMTP_URL \(AccessToKeyVaultDenied\)$/),
      expect.stringMatching(/^\d+ s: waiting for SMTP_URL/),
    ]);
  });

  test('gives up on a secret that is not there, and says how to store it', async () => {
    const app = createApp('SecretNotFound');
    await expect(waitForKeyReferences(app, { say: () => undefined, pauseMs: 0 })).rejects.toThrow(
      'az keyvault secret set --vault-name kv1 --name smtp-url',
    );
    expect(app.refreshes).toBe(3);
  });

  test('gives up when the time is over, and names what is missing', async () => {
    const wait = waitForKeyReferences(createApp('AccessToKeyVaultDenied'), {
      say: () => undefined,
      pauseMs: 0,
      timeoutMs: 0,
    });
    await expect(wait).rejects.toThrow(
      /still not resolved:\n {2}SMTP_URL, secret smtp-url: .* role on the vault/,
    );
  });
});
