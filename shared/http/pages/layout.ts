import { cspHashOf } from '../../core/hash.ts';
import { html, toText } from '../../core/html.ts';
import type { Html, HtmlValue } from '../../core/html.ts';
import { STYLE } from './style.ts';

/** A page without its frame. */
export interface Page {
  readonly title: string;
  readonly content: Html;
}

/**
 * Nothing but our one stylesheet. No `form-action`: Chromium applies it to redirects, and the button leads to Microsoft.
 * @see https://www.w3.org/TR/CSP3/
 */
const CONTENT_SECURITY_POLICY = [
  "default-src 'none'",
  `style-src ${cspHashOf(STYLE)}`,
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ');

/** Of every page: nothing loads from elsewhere, nothing is cached, and the address with its token is sent to nobody. */
export const PAGE_HEADERS: Readonly<Record<string, string>> = {
  'content-type': 'text/html; charset=utf-8',
  'content-security-policy': CONTENT_SECURITY_POLICY,
  'referrer-policy': 'no-referrer',
  'cache-control': 'no-store',
  'x-content-type-options': 'nosniff',
  'x-robots-tag': 'noindex',
};

// The style is our own text and the policy has its hash: it must not be escaped.
const STYLE_TAG = html(Object.assign([`<style>${STYLE}</style>`], { raw: [`<style>${STYLE}</style>`] }));

/** The whole HTML document. It loads nothing and has no script. */
export function renderPage({ title, content }: Page): string {
  return toText(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <meta name="color-scheme" content="light dark" />
          <title>${title} · PeteRental Calendar</title>
          ${STYLE_TAG}
        </head>
        <body>
          <header><p class="brand">PeteRental Calendar</p></header>
          <main>
            <h1>${title}</h1>
            ${content}
          </main>
        </body>
      </html>`,
  ).replace(/^ {6}/gm, '');
}

/** The one button of a page: a POST to the page's own address, with the token that proves it came from here. */
export function button(label: HtmlValue, formToken: string, style: 'primary' | 'danger' = 'primary'): Html {
  return html`
    <form method="post">
      <input type="hidden" name="form_token" value="${formToken}" />
      <button class="${style}" type="submit">${label}</button>
    </form>
  `;
}
