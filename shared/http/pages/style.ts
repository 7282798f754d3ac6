/** The one stylesheet of all pages. Colours keep a contrast of 4.5 to 1 in both schemes. */
export const STYLE = `
:root {
  color-scheme: light dark;
  --ground: #f4f5f2; --card: #ffffff; --ink: #1d2421; --soft: #56605b; --line: #d9ddd8;
  --accent: #12664a; --on-accent: #ffffff; --danger: #a52c22; --note: #eef4f0;
}
@media (prefers-color-scheme: dark) {
  :root {
    --ground: #141816; --card: #1d2320; --ink: #e8ece9; --soft: #a7b1ab; --line: #343c38;
    --accent: #6fcfa6; --on-accent: #0d1a14; --danger: #f0968c; --note: #232c27;
  }
}
* { box-sizing: border-box; }
body {
  margin: 0; background: var(--ground); color: var(--ink);
  font: 1.0625rem/1.55 system-ui, -apple-system, "Segoe UI", Roboto, sans-serif;
}
header, main { max-width: 38rem; margin: 0 auto; padding: 0 1.75rem; }
.brand { margin: 1.75rem 0 1rem; color: var(--soft); font-weight: 600; }
main {
  background: var(--card); border: 1px solid var(--line); border-radius: .75rem;
  padding: 1.75rem; margin-bottom: 3rem;
}
@media (max-width: 40rem) { header { padding: 0 1.25rem; } main { border-width: 1px 0; border-radius: 0; padding: 1.5rem 1.25rem; } }
h1 { margin: 0 0 1rem; font-size: 1.6rem; line-height: 1.25; }
h2 { margin: 1.75rem 0 .5rem; font-size: 1.0625rem; }
p, ul, ol, dl { margin: 0 0 1rem; }
ul, ol { padding-left: 1.25rem; }
li { margin-bottom: .35rem; }
a { color: var(--accent); text-underline-offset: .15em; }
strong, dd { overflow-wrap: anywhere; }
dl { display: grid; grid-template-columns: max-content 1fr; gap: .35rem 1.25rem; }
dt { color: var(--soft); }
dd { margin: 0; font-weight: 600; }
form { margin: 1.5rem 0 1rem; }
button, .button {
  display: inline-block; font: inherit; font-weight: 600; text-decoration: none; cursor: pointer;
  padding: .8rem 1.4rem; border: 0; border-radius: .5rem; background: var(--accent); color: var(--on-accent);
}
button.danger { background: transparent; color: var(--danger); border: 2px solid currentColor; }
button:focus-visible, a:focus-visible { outline: 3px solid var(--accent); outline-offset: 3px; }
.note, pre { background: var(--note); border-radius: .5rem; padding: 1rem 1.1rem; }
pre { font: inherit; white-space: pre-wrap; overflow-wrap: anywhere; margin: 0 0 1rem; user-select: all; }
.soft { color: var(--soft); font-size: .95rem; }
@media (max-width: 40rem) { button, .button { display: block; width: 100%; text-align: center; } }
`;
