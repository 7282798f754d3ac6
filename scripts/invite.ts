// Has a manager invited by the deployed app: npm run invite -- --app https://HOST --key FUNCTION_KEY --user-id +15555551234
// --email pete@example.com [--name "Pete Sampson"] [--notify-email office@example.com]
import { parseArgs } from 'node:util';
import { SECOND_MS } from '../shared/core/duration.ts';

const { values } = parseArgs({
  options: {
    app: { type: 'string', default: process.env['PETERENTAL_APP'] ?? 'http://localhost:7071' },
    key: { type: 'string', default: process.env['PETERENTAL_KEY'] ?? '' },
    'user-id': { type: 'string' },
    email: { type: 'string' },
    name: { type: 'string' },
    'notify-email': { type: 'string' },
  },
});

const answer = await fetch(new URL('/calendar/auth/invite', values.app), {
  method: 'POST',
  headers: { 'content-type': 'application/json', 'x-functions-key': values.key },
  body: JSON.stringify({
    user_id: values['user-id'],
    calendar_email: values.email,
    name: values.name,
    notify_email: values['notify-email'],
  }),
  signal: AbortSignal.timeout(30 * SECOND_MS),
});
const text = await answer.text();

if (answer.status === 202) {
  const { user_id, expires_at } = JSON.parse(text) as { user_id: string; expires_at: string };
  console.log(`Invited ${user_id}. The link in the mail works until ${expires_at}.`);
} else {
  console.error(
    answer.status === 401
      ? '401: --key (or PETERENTAL_KEY) is not a key of this app'
      : `${answer.status}: ${text}`,
  );
  process.exitCode = 1;
}
