// Connects a manager's calendar to a running app as a person does in a browser, for tests and measurements.
import { signIn } from './microsoft/sign-in.ts';

/**
 * From the start link by Microsoft's pages to the callback.
 * @param personId the id of one of the stand-in's people
 * @returns the status of the last page
 */
export async function connectManager(appUrl: string, userId: string, personId: string): Promise<number> {
  const started = await fetch(`${appUrl}/calendar/auth/start?user_id=${encodeURIComponent(userId)}`);
  const { authorization_url: link } = (await started.json()) as { authorization_url: string };
  const page = await (await fetch(link)).text();
  const fields = page.matchAll(/<input type="hidden" name="([^"]+)" value="([^"]*)"/g);
  const body = new URLSearchParams(
    Object.fromEntries([...fields].map(([, name = '', value = '']) => [name, value])),
  );
  const away = await fetch(link, { method: 'POST', body, redirect: 'manual' });
  const callback = await signIn(away.headers.get('location') ?? '', personId);
  const cookie = away.headers
    .getSetCookie()
    .map((one) => one.split(';')[0])
    .join('; ');
  return (await fetch(callback, { headers: { cookie, accept: 'text/html' } })).status;
}
