// The inbox as a person sees it. The mail itself stands in a frame of its own, as in a mail program, so that its styles and
// those of the inbox do not mix; its links open outside of it.
import escapeHtml from 'escape-html';
import type { CaughtMail } from './mailbox.ts';

const style = `
:root { color-scheme: light dark; --ink: #1b1a19; --soft: #605e5c; --ground: #f3f2f1; --card: #fff; --line: #d2d0ce; --accent: #0f6cbd; }
@media (prefers-color-scheme: dark) { :root { --ink: #f3f2f1; --soft: #b3b0ad; --ground: #11100f; --card: #1f1e1d; --line: #3b3a39; --accent: #62abf5; } }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.45 "Segoe UI", system-ui, sans-serif; color: var(--ink); background: var(--ground); }
main { max-width: 46rem; margin: 1.5rem auto; padding: 1.25rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
h1 { font-size: 1.3rem; margin: 0 0 .75rem; } a { color: var(--accent); } .soft { color: var(--soft); font-size: .875rem; }
ul { list-style: none; margin: 0; padding: 0; } li + li { border-top: 1px solid var(--line); } li { padding: .7rem 0; overflow-wrap: anywhere; }
iframe { width: 100%; height: 34rem; border: 1px solid var(--line); border-radius: .25rem; background: #fff; color-scheme: light; }
pre { white-space: pre-wrap; overflow-wrap: anywhere; }
@media (max-width: 34rem) { main { margin: 0; border: 0; border-radius: 0; min-height: 100vh; } }
`;

function page(title: string, body: string): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>${escapeHtml(title)} · Inbox</title>
<link rel="icon" href="data:,">
<style>${style}</style>
</head>
<body><main>
${body}
</main></body>
</html>
`;
}

function time(at: Date): string {
  return `${at.toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** The list of caught mails, the newest first. */
export function inboxPage(messages: readonly CaughtMail[]): string {
  return page(
    'Inbox',
    `<h1>Inbox</h1>
${messages.length === 0 ? '<p class="soft">No mail yet. Reload the page after the next one is sent.</p>' : ''}
<ul>${messages
      .toReversed()
      .map(
        ({ id, subject, to, receivedAt }) =>
          `<li><a href="/messages/${id}">${escapeHtml(subject)}</a><br><span class="soft">to ${escapeHtml(to)}, ${time(receivedAt)}</span></li>`,
      )
      .join('')}</ul>`,
  );
}

/** One caught mail. Its HTML is shown in a frame that runs no script. */
export function messagePage({ subject, from, to, text, html, receivedAt }: CaughtMail): string {
  return page(
    subject,
    `<p><a href="/">Inbox</a></p>
<h1>${escapeHtml(subject)}</h1>
<p class="soft">from ${escapeHtml(from)}<br>to ${escapeHtml(to)}<br>${time(receivedAt)}</p>
<iframe title="The mail" sandbox="allow-popups allow-popups-to-escape-sandbox allow-top-navigation-by-user-activation" srcdoc="${escapeHtml(
      html.replace('<head>', '<head><base target="_top">'),
    )}"></iframe>
<details><summary>As plain text</summary><pre>${escapeHtml(text)}</pre></details>`,
  );
}
