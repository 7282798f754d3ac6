// GET /docs in a browser: the page comes up under its own policy, with the document's routes, and reaches for nothing else.
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { existsSync } from 'node:fs';
import { chromium } from 'playwright-core';
import type { Browser } from 'playwright-core';
import '../../functions/docs.ts';
import '../../functions/openapi.ts';
import { createTestApp } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
// A machine without a browser leaves these out; CI has one.
const hasBrowser = existsSync(EXECUTABLE) || process.env['CI'] !== undefined;
const inBrowser = hasBrowser ? test : test.skip;
let app: TestApp;
let browser: Browser | undefined;

beforeAll(async () => {
  app = await createTestApp();
  if (hasBrowser) {
    browser = await chromium.launch({ executablePath: EXECUTABLE, args: ['--no-sandbox'] });
  }
});
afterAll(async () => {
  await browser?.close();
  await app.close();
});

inBrowser.each([1280, 390])(
  'GET /docs shows every tool and route in a browser that is %i pixels wide',
  async (width) => {
    const page = await browser?.newPage({ viewport: { width, height: 900 } });
    if (!page) throw new Error('No browser');
    // The page may take as long as the test may run.
    page.setDefaultTimeout(0);
    const errors: string[] = [];
    const answered: string[] = [];
    page.on('pageerror', ({ message }) => errors.push(message));
    page.on('response', (response) => answered.push(new URL(response.url()).pathname));
    await page.goto(`${app.url}/docs`);
    await page.getByRole('heading', { name: 'Answer a server message of VAPI' }).waitFor();
    await page.getByRole('heading', { name: 'List the messages that callers left for a manager' }).waitFor();
    expect(errors).toEqual([]);
    expect(answered.sort()).toEqual(['/docs', '/openapi.json']);
    const scrollWidth = await page.evaluate<number>('document.documentElement.scrollWidth');
    expect(scrollWidth).toBeLessThanOrEqual(width);
    await page.close();
  },
);
