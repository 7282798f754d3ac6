// The frame of every page of the stand-in: one stylesheet, no script.
import escapeHtml from 'escape-html';

const style = `
:root { color-scheme: light dark; --ink: #1b1a19; --soft: #605e5c; --ground: #f3f2f1; --card: #fff; --line: #d2d0ce;
  --accent: #0f6cbd; --on-accent: #fff; --busy: #cfe4fa; --busy-edge: #0f6cbd; --viewing: #d5f0d9; --viewing-edge: #107c10;
  --tentative: #fff4ce; --tentative-edge: #b58a00; --free: #f3f2f1; --free-edge: #8a8886; --away: #f1e3f7; --away-edge: #8e4ec6; }
@media (prefers-color-scheme: dark) { :root { --ink: #f3f2f1; --soft: #b3b0ad; --ground: #11100f; --card: #1f1e1d; --line: #3b3a39;
  --accent: #62abf5; --on-accent: #0b1a29; --busy: #12324f; --busy-edge: #62abf5; --viewing: #143d1b; --viewing-edge: #6bd07a;
  --tentative: #453a0c; --tentative-edge: #e0bd3d; --free: #292827; --free-edge: #8a8886; --away: #3a2148; --away-edge: #c08ae6; } }
* { box-sizing: border-box; }
body { margin: 0; font: 16px/1.45 "Segoe UI", system-ui, sans-serif; color: var(--ink); background: var(--ground); }
main { max-width: 30rem; margin: 2rem auto; padding: 1.5rem; background: var(--card); border: 1px solid var(--line); border-radius: .5rem; }
main.wide { max-width: 76rem; }
@media (max-width: 34rem) { main { margin: 0; border: 0; border-radius: 0; min-height: 100vh; padding: 1rem; } }
h1 { font-size: 1.4rem; margin: 0 0 .75rem; overflow-wrap: anywhere; } h2 { font-size: 1.05rem; margin: 1.5rem 0 .5rem; }
p { margin: .5rem 0; } .soft { color: var(--soft); font-size: .875rem; } a { color: var(--accent); }
button, input, select { font: inherit; color: inherit; }
button { min-height: 2.75rem; padding: .4rem 1rem; border: 1px solid var(--line); border-radius: .25rem; background: var(--card); cursor: pointer; }
button.main { background: var(--accent); border-color: var(--accent); color: var(--on-accent); font-weight: 600; }
button:focus-visible, a:focus-visible, input:focus-visible, select:focus-visible { outline: 3px solid var(--accent); outline-offset: 2px; }
input:not([type=checkbox]), select { min-height: 2.5rem; padding: .3rem .5rem; border: 1px solid var(--free-edge); border-radius: .25rem; background: var(--card); max-width: 100%; }
ul.list li { overflow-wrap: anywhere; }
ul.people { list-style: none; margin: 0; padding: 0; } ul.people li + li { border-top: 1px solid var(--line); }
ul.people button { display: block; width: 100%; text-align: left; border: 0; border-radius: 0; padding: .6rem .25rem; overflow-wrap: anywhere; }
ul.people button:hover { background: var(--ground); } ul.people button * { display: block; }
.actions { display: flex; flex-wrap: wrap; gap: .75rem; margin-top: 1.25rem; }
`;

/** A whole page; `body` is HTML, `title` is text. */
export function page(title: string, body: string, options: { wide?: boolean; style?: string } = {}): string {
  return `<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="referrer" content="no-referrer">
<title>${escapeHtml(title)} · Microsoft stand-in</title>
<link rel="icon" href="data:,">
<style>${style}${options.style ?? ''}</style>
</head>
<body>
<main${options.wide ? ' class="wide"' : ''}>
${body}
</main>
</body>
</html>
`;
}

/** As Microsoft shows an error that it does not send back to the app. */
export function errorPage(title: string, message: string): string {
  return page(
    title,
    `<h1>${escapeHtml(title)}</h1>
<p>Sorry, but we’re having trouble signing you in.</p>
<p class="soft">${escapeHtml(message)}</p>`,
  );
}
