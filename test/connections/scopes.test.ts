// What Microsoft is asked for, and what a refresh may ask for.
import { describe, expect, test } from '@jest/globals';
import { scopesToRefresh } from '../../shared/connections/scopes.ts';
import { useTestApp } from '../support/test-app.ts';

const app = useTestApp();

async function scopesAsked(link: string): Promise<string[]> {
  const started = await app.press(link);
  expect(started.status).toBe(303);
  const scope = new URL(started.headers.get('location') ?? '').searchParams.get('scope') ?? '';
  return scope.split(' ').filter((one) => one.startsWith('Calendars'));
}
describe('a consent', () => {
  test('asks for the permission that change notifications need, and its page names it', async () => {
    const link = await app.startLink('pete');
    expect(await (await app.request(link)).text()).toContain(', Calendars.Read.');
    expect((await scopesAsked(link)).sort()).toEqual(['Calendars.Read', 'Calendars.ReadWrite']);
  });

  test('continues without that permission if an administrator blocks it, and asks the administrator for both', async () => {
    const link = await app.startLink('nora');
    const { callback, cookie } = await app.goToMicrosoft(link, 'nora@northgate.example', 'return');
    const page = await (await app.comeBack(callback, cookie, 'text/html')).text();
    const adminUrl = /http\S+adminconsent\?[^\s<]+/.exec(page)?.[0].replaceAll('&amp;', '&') ?? '';
    expect(new URL(adminUrl).searchParams.get('scope')).toMatch(/\/Calendars\.Read$/);
    expect(page).toContain('Calendars.ReadWrite, User.Read and Calendars.Read');
    expect(await scopesAsked(link)).toEqual(['Calendars.ReadWrite']);
    expect((await scopesAsked(await app.startLink('nora'))).sort()).toEqual([
      'Calendars.Read',
      'Calendars.ReadWrite',
    ]);
  });
});

test('A refresh asks for what the grant names, and for nothing else', () => {
  const prefix = 'https://graph.microsoft.com/';
  expect(scopesToRefresh(['openid', `${prefix}User.Read`, `${prefix}Calendars.ReadWrite`])).toEqual([
    'Calendars.ReadWrite',
    'User.Read',
  ]);
  expect(scopesToRefresh(['Calendars.Read', 'Calendars.ReadWrite'])).toEqual([
    'Calendars.ReadWrite',
    'Calendars.Read',
  ]);
});
