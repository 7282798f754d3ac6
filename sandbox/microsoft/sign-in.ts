// A person at Microsoft's pages, without a browser: for tests and scripts.

/** `organization` accepts for everyone, which only an administrator can; `return` leaves the page that demands one. */
export type Decision = 'accept' | 'organization' | 'cancel' | 'return';

/** Picks the account, decides if the pages ask, and returns the URL to which the app is called back. */
export async function signIn(url: string, personId: string, decision: Decision = 'accept'): Promise<string> {
  const origin = new URL(url).origin;
  const post = (form: Record<string, string>): Promise<Response> =>
    fetch(url, { method: 'POST', body: new URLSearchParams(form), redirect: 'manual' });
  const first = await fetch(url, { redirect: 'manual' });
  const steps: Record<string, string>[] = [
    { account: personId },
    decision === 'organization'
      ? { account: personId, decision: 'accept', organization: 'on' }
      : { account: personId, decision },
  ];
  let answer = first;
  for (const step of steps) {
    if (answer.status !== 200) break;
    await answer.text();
    answer = await post(step);
  }
  const location = answer.headers.get('location');
  if (location === null || new URL(location, url).origin === origin) {
    const title = /<title>([^<]*)/.exec(await answer.text())?.[1] ?? '';
    throw new Error(`Microsoft's pages did not lead back to the app: ${answer.status} ${title}`);
  }
  return location;
}
