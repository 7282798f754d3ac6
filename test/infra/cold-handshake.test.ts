// Graph validates the endpoint whenever a subscription is made, be it on an instance that has just started.
import { expect, test } from '@jest/globals';
import { readdirSync } from 'node:fs';
import { ensureBundle } from '../../sandbox/load-app.ts';
import { shakeHandsCold } from '../../bench/notifications.ts';

test('a new instance answers the handshake with nothing but its own code: no table, no Microsoft, no rare part', () => {
  ensureBundle();
  const { status, body, asked, loaded } = shakeHandsCold();
  expect([status, body]).toEqual([200, 'Validation: Testing client application']);
  expect(asked).toEqual([]);
  expect(loaded).toContain('main.cjs');
  const rare =
    /^(msal|nodemailer|document|viewer|export|azure-monitor|xml|csv|fx|mits|outlook-zone|send-request)/;
  // There are such files.
  expect(readdirSync('dist').filter((name) => rare.test(name)).length).toBeGreaterThan(8);
  expect(loaded.filter((name) => rare.test(name))).toEqual([]);
});
