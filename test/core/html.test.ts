import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { html, toText } from '../../shared/core/html.ts';
import { PAGE_HEADERS, renderPage } from '../../shared/http/pages/layout.ts';
import { signInErrorPage } from '../../shared/http/pages/sign-in-error-page.ts';

describe('the html template', () => {
  test('escapes everything that it did not create itself', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'grapheme' }), (text) => {
        const made = toText(html`<p title="${text}">${text}</p>`);
        expect(made.replace(/^<p title="|<\/p>$/g, '').split('">')).toHaveLength(2);
        expect(made.match(/</g)).toHaveLength(2);
      }),
    );
  });

  test('keeps its own markup, joins lists and leaves out null', () => {
    const items = ['a', '<b>'].map((item) => html`<li>${item}</li>`);
    const made = toText(
      html`<ul>
        ${items}${null}
      </ul>`,
    );
    expect(made.replace(/\s/g, '')).toBe('<ul><li>a</li><li>&lt;b&gt;</li></ul>');
  });
});

describe('a page', () => {
  test('allows nothing but its own stylesheet: no script, no frame, no form-action', () => {
    const policy = PAGE_HEADERS['content-security-policy'] ?? '';
    expect(policy).toMatch(
      /^default-src 'none'; style-src 'sha256-[\w+/]+='; base-uri 'none'; frame-ancestors 'none'$/,
    );
    expect(PAGE_HEADERS).toMatchObject({ 'referrer-policy': 'no-referrer', 'cache-control': 'no-store' });
    expect(renderPage({ title: 'x', content: html`` })).not.toMatch(/<script|style="|\son\w+=/);
  });

  test('of an error explains each case that a manager can meet', () => {
    const codes = [
      'link_invalid',
      'link_expired',
      'link_used',
      'state_invalid',
      'wrong_browser',
      'consent_cancelled',
      'admin_approval_required',
      'wrong_account',
      'no_mailbox',
      'microsoft_rejected',
      'microsoft_unreachable',
    ] as const;
    const titles = codes.map((code) => signInErrorPage({ code, retryUrl: null }).title);
    expect(new Set([...titles, signInErrorPage({ code: 'internal', retryUrl: null }).title]).size).toBe(
      codes.length + 1,
    );
  });
});
