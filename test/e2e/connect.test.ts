// The pages in a real browser: an invite's whole way, without script, at desktop and phone width, dark and light.
import { existsSync } from 'node:fs';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import axe from 'axe-core';
import { chromium } from 'playwright-core';
import type { Browser, BrowserContext, Page } from 'playwright-core';
import { createTestApp, START } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';

const EXECUTABLE = process.env['CHROMIUM'] ?? '/usr/bin/chromium';
const SHOTS = process.env['SCREENSHOTS'];
const VIEWS = [
  { name: 'desktop-light', width: 1280, height: 900, colorScheme: 'light' },
  { name: 'phone-dark', width: 375, height: 740, colorScheme: 'dark' },
] as const;

// A machine without a browser leaves these out; CI has one.
const inBrowser = existsSync(EXECUTABLE) || process.env['CI'] ? describe : describe.skip;

inBrowser.each(VIEWS)('a manager with a browser ($name)', (view) => {
  let app: TestApp;
  let browser: Browser;
  let context: BrowserContext;
  let page: Page;
  const complaints: string[] = [];

  beforeAll(async () => {
    app = await createTestApp();
    browser = await chromium.launch({
      executablePath: EXECUTABLE,
      args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--disable-background-networking'],
    });
  });
  afterAll(async () => {
    await browser.close();
    await app.close();
  });
  beforeEach(async () => {
    app.clock.now = START;
    await app.clearTables();
    app.mailbox.reset();
    app.microsoft.reset();
    app.microsoft.allowRedirectUri(`${app.url}/calendar/auth/callback`);
    context = await browser.newContext({
      viewport: { width: view.width, height: view.height },
      colorScheme: view.colorScheme,
    });
    // The browser waits as long as the test may run.
    context.setDefaultTimeout(0);
    page = await context.newPage();
    page.on('console', (message) => {
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        complaints.push(message.text());
    });
    complaints.length = 0;
  });
  afterEach(() => context.close());

  /** Looks at the page as axe does, and says whether it fits the screen. */
  const look = async (name: string): Promise<string> => {
    const title = await page.locator('h1').first().innerText();
    if (SHOTS) await page.screenshot({ path: `${SHOTS}/${name}-${view.name}.png`, fullPage: true });
    if (page.url().startsWith(app.url)) {
      // Our own policy forbids scripts, so axe runs in a copy of the page.
      const copy = await (
        await browser.newContext({ colorScheme: view.colorScheme, bypassCSP: true, viewport: view })
      ).newPage();
      await copy.setContent(await page.content());
      await copy.evaluate(axe.source);
      const { violations } = await copy.evaluate<axe.AxeResults>('axe.run()');
      expect(violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)).toEqual(
        [],
      );
      const overflow = await copy.evaluate<number>('document.documentElement.scrollWidth - innerWidth');
      expect(overflow).toBeLessThanOrEqual(0);
      await copy.context().close();
    }
    return title;
  };
  const press = (name: RegExp) => page.getByRole('button', { name }).click();
  const signInAs = async (person: string): Promise<void> => {
    await page.getByRole('button', { name: new RegExp(person) }).click();
  };

  test('connects from the mail in the inbox, and disconnects again', async () => {
    await app.invite('+15555551234', 'pete@lakeviewrentals.example', { name: 'Pete Sampson' });
    await page.goto(app.mailbox.url);
    await look('inbox');
    await page.getByRole('link', { name: /Connect your calendar/ }).click();
    await look('mail');
    await page.frameLocator('iframe').getByRole('link', { name: 'Connect my calendar' }).click();
    await page.waitForURL('**/calendar/connect/*');
    expect(await look('connect')).toBe('Connect your calendar');

    await press(/Continue to Microsoft/);
    await look('microsoft-sign-in');
    await signInAs('pete@lakeviewrentals.example');
    await look('microsoft-consent');
    await press(/Accept/);
    expect(await look('connected')).toBe('Your calendar is connected');
    expect(await app.status('+15555551234')).toMatchObject({ status: 'connected' });

    await page.goto(app.linkIn(app.mailbox.messages()[0]));
    expect(await look('link-used')).toBe('This link has already been used');
    await page.goto(app.linkIn(app.mailbox.messages()[0], 'disconnect'));
    expect(await look('disconnect')).toBe('Disconnect your calendar?');
    await press(/Disconnect/);
    expect(await look('disconnected')).toBe('Your calendar is disconnected');
    expect(await app.status('+15555551234')).toMatchObject({ status: 'disconnected' });
    expect(complaints).toEqual([]);
  });

  test('who signs in with the wrong account sees an explanation, and can continue with the right one', async () => {
    await page.goto(app.linkIn(await app.invite('pete', 'pete@lakeviewrentals.example')));
    await press(/Continue to Microsoft/);
    await signInAs('wendy@lakeviewrentals.example');
    await press(/Accept/);
    expect(await look('wrong-account')).toBe('This is another account');
    await page.getByRole('link', { name: /right account/ }).click();
    await press(/Continue to Microsoft/);
    await signInAs('pete@lakeviewrentals.example');
    await press(/Accept/);
    expect(await page.locator('h1').innerText()).toBe('Your calendar is connected');
  });

  test('who needs an administrator gets a text to send, and can connect after the approval', async () => {
    const link = app.linkIn(await app.invite('nora', 'nora@northgate.example'));
    await page.goto(link);
    await press(/Continue to Microsoft/);
    await signInAs('nora@northgate.example');
    await look('microsoft-approval');
    await page
      .getByRole('button', { name: /return|back/i })
      .or(page.getByRole('link', { name: /return|back/i }))
      .first()
      .click();
    await page.waitForURL(`${app.url}/**`);
    await look('admin-needed');
    const text = await page.locator('pre').innerText();
    const administrator = await (
      await browser.newContext({ viewport: view, colorScheme: view.colorScheme })
    ).newPage();
    await administrator.goto(/http\S+/.exec(text)?.[0] ?? '');
    await administrator.getByRole('button', { name: /adam@northgate.example/ }).click();
    await administrator.getByRole('button', { name: /Accept/ }).click();
    expect(await administrator.locator('h1').innerText()).toBe('Thank you: the app is approved');
    if (SHOTS)
      await administrator.screenshot({ path: `${SHOTS}/admin-approved-${view.name}.png`, fullPage: true });
    await administrator.context().close();

    await page.goto(link);
    await press(/Continue to Microsoft/);
    await signInAs('nora@northgate.example');
    expect(await page.locator('h1').innerText()).toBe('Your calendar is connected');
  });

  test('who cancels, comes too late or uses another browser sees an explanation for that case', async () => {
    await page.goto(await app.startLink('berta'));
    await press(/Continue to Microsoft/);
    const away = page.url();
    await signInAs('berta@spreewohnen.example');
    await press(/Cancel/);
    expect(await look('cancelled')).toBe('You cancelled at Microsoft');

    const { callback } = await app.goToMicrosoft(await app.startLink('berta'), 'berta@spreewohnen.example');
    await page.goto(callback);
    expect(await look('wrong-browser')).toBe('Please continue in the browser you started in');
    await page.goto(`${app.url}/calendar/connect/nonsense`);
    expect(await look('link-invalid')).toBe('This link is not valid');
    expect(away).toContain('/authorize');
  });
});
