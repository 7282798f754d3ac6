import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import type { Email } from '../../shared/notifications/email.ts';
import { renderEmail } from '../../shared/notifications/email-templates.ts';

const base = {
  to: 'pete@example.com',
  name: 'Pete',
  disconnectUrl: 'https://c.example/calendar/disconnect/abc',
  timeZone: 'America/Chicago',
};
const invite: Email = {
  ...base,
  kind: 'invite',
  calendarEmail: 'pete@example.com',
  connectUrl: 'https://c.example/calendar/connect/xyz',
  expiresAt: Date.parse('2026-11-30T15:00:00Z'),
};
const message: Email = {
  ...base,
  kind: 'message',
  message: {
    text: 'Please call back.\nIt is urgent.',
    name: 'Ann <Lee>',
    callerNumber: '+15555550000',
    givenNumber: null,
    propertyAddress: '12 Oak St',
    offered: ['Tuesday, December 1 at 2 PM'],
    receivedAt: Date.parse('2026-11-23T15:00:00Z'),
  },
};

describe('a mail', () => {
  test('shows its link as text in both bodies, and its expiry in the manager’s zone', () => {
    const { text, html } = renderEmail(invite);
    expect(text).toContain('Connect my calendar:\nhttps://c.example/calendar/connect/xyz\n');
    expect(html).toContain('>https://c.example/calendar/connect/xyz</a>');
    expect(text).toContain('until Monday, November 30 at 9:00 AM CST');
    expect(text).toContain('pete@example.com');
  });

  test.each(['invite', 'reconnect', 'link'] as const)(
    'of kind %s, like a message, has a way to disconnect, and nothing remote',
    (kind) => {
      for (const letter of [{ ...invite, kind }, message]) {
        const { text, html } = renderEmail(letter);
        expect(text).toContain(base.disconnectUrl);
        expect(html).toContain(`href="${base.disconnectUrl}"`);
        expect(html).not.toMatch(/<img|<script|<link|url\(|src=/);
        expect(html.split('\n').every((line) => line.length < 990)).toBe(true);
      }
    },
  );

  test('with a caller’s message says who, when and about what', () => {
    const { subject, text, html } = renderEmail(message);
    expect(subject).toBe('A caller left you a message');
    expect(text).toContain('> Please call back.\n> It is urgent.');
    expect(text).toContain('From: Ann <Lee>\nNumber: +15555550000\nTime: Monday, November 23 at 9:00 AM CST');
    expect(text).toContain('Property: 12 Oak St\nTimes offered: Tuesday, December 1 at 2 PM');
    expect(html).toContain('Ann &lt;Lee&gt;');
  });

  test('distinguishes the call’s own number, a number that the caller gave, and no number', () => {
    const from = (more: Partial<typeof message.message>) =>
      renderEmail({ ...message, message: { ...message.message, ...more } }).text;
    expect(from({ callerNumber: null, givenNumber: '555' })).toContain(
      'Number: 555 (as given by the caller)',
    );
    expect(from({ callerNumber: null })).toContain('Number: withheld');
  });

  test('puts no typed text into the subject, and escapes it in HTML', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), (typed) => {
        const letter = {
          ...message,
          name: typed,
          message: { ...message.message, text: typed, name: typed, propertyAddress: typed },
        };
        const written = renderEmail(letter);
        expect(written.subject).toBe('A caller left you a message');
        const plain = renderEmail({
          ...letter,
          name: 'x',
          message: { ...letter.message, text: 'x', name: 'x', propertyAddress: 'x' },
        });
        expect(written.html.match(/</g)?.length).toBe(plain.html.match(/</g)?.length);
      }),
    );
  });
});
