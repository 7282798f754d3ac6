// Nothing that a person typed stands in a header: names, messages and addresses are in the bodies alone, escaped in the HTML.
import type { Letter } from '../connections/connection.ts';
import { html, toText } from '../core/html.ts';
import type { Html } from '../core/html.ts';

export interface WrittenLetter {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** One part of a mail, written once for both bodies. */
type Part =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'button'; readonly label: string; readonly url: string }
  | { readonly kind: 'quote'; readonly text: string }
  | { readonly kind: 'facts'; readonly facts: readonly (readonly [name: string, value: string])[] };

function paragraph(text: string): Part {
  return { kind: 'paragraph', text };
}

/** `Monday, November 30 at 9:00 AM CST` */
function formatTime(at: number, timeZone: string): string {
  return new Intl.DateTimeFormat('en-US', {
    timeZone,
    weekday: 'long',
    month: 'long',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    timeZoneName: 'short',
  }).format(at);
}

type ConnectLetter = Extract<Letter, { readonly kind: 'invite' | 'reconnect' | 'link' }>;
type MessageLetter = Extract<Letter, { readonly kind: 'message' }>;

const OPENINGS: Readonly<Record<ConnectLetter['kind'], { subject: string; why: string; label: string }>> = {
  invite: {
    subject: 'Connect your calendar to PeteRental',
    why: 'PeteRental Calendar answers calls about your rentals. To tell callers when you are free, and to book their viewings, it asks to use your Microsoft calendar.',
    label: 'Connect my calendar',
  },
  reconnect: {
    subject: 'Your calendar is no longer connected to PeteRental',
    why: 'Microsoft no longer accepts the permission you gave PeteRental Calendar. This happens after a change of password or when an administrator resets sign-ins. Until you connect again, callers cannot book viewings. What is booked already stays in your calendar.',
    label: 'Connect again',
  },
  link: {
    subject: 'A caller wanted to book a viewing: please connect your calendar',
    why: 'Someone called about one of your rentals, but your calendar is not connected to PeteRental Calendar, so no viewing could be booked.',
    label: 'Connect my calendar',
  },
};

function connectParts(letter: ConnectLetter): Part[] {
  const { why, label } = OPENINGS[letter.kind];
  return [
    paragraph(why),
    paragraph(
      letter.calendarEmail === null
        ? 'Choose the Microsoft account whose calendar it should use.'
        : `Sign in with this account; no other can be connected with this link: ${letter.calendarEmail}`,
    ),
    { kind: 'button', label, url: letter.connectUrl },
    paragraph(
      `The link works once, until ${formatTime(letter.expiresAt, letter.timeZone)}. Opening it changes nothing: you are asked first.`,
    ),
  ];
}

function messageParts({ message, timeZone }: MessageLetter): Part[] {
  const number = message.callerNumber ?? message.givenNumber;
  const facts: [string, string][] = [
    ['From', message.name ?? 'a caller who gave no name'],
    [
      'Number',
      number === null
        ? 'withheld'
        : `${number}${message.callerNumber === null ? ' (as given by the caller)' : ''}`,
    ],
    ['Time', formatTime(message.receivedAt, timeZone)],
  ];
  if (message.propertyAddress !== null) facts.push(['Property', message.propertyAddress]);
  if (message.offered.length > 0) facts.push(['Times offered', message.offered.join('; ')]);
  return [
    paragraph('A caller left a message for you. The voice assistant wrote it down:'),
    { kind: 'quote', text: message.text },
    { kind: 'facts', facts },
  ];
}

function partText(part: Part): string {
  switch (part.kind) {
    case 'paragraph':
      return part.text;
    case 'button':
      return `${part.label}:\n${part.url}`;
    case 'quote':
      return part.text.replace(/^/gm, '> ');
    case 'facts':
      return part.facts.map(([name, value]) => `${name}: ${value}`).join('\n');
  }
}

const FONT = 'font-family:Segoe UI,Helvetica,Arial,sans-serif;font-size:16px;line-height:1.5;color:#1d2421';

/** A link visible as text stands below each button: people check it, and Outlook may not show buttons. */
function partHtml(part: Part): Html {
  switch (part.kind) {
    case 'paragraph':
      return html`<p style="margin:0 0 16px">${part.text}</p>`;
    case 'button':
      return html`<table
          role="presentation"
          cellpadding="0"
          cellspacing="0"
          border="0"
          style="margin:8px 0 16px"
        >
          <tr>
            <td bgcolor="#12664a" style="border-radius:6px;padding:13px 24px">
              <a href="${part.url}" style="color:#ffffff;font-weight:600;text-decoration:none"
                >${part.label}</a
              >
            </td>
          </tr>
        </table>
        <p style="margin:0 0 16px;font-size:13px;color:#56605b;word-break:break-all">
          Or copy this address: <a href="${part.url}" style="color:#12664a">${part.url}</a>
        </p>`;
    case 'quote':
      return html`<p
        style="margin:0 0 16px;padding:12px 16px;border-left:4px solid #12664a;background:#eef4f0;white-space:pre-wrap"
      >
        ${part.text}
      </p>`;
    case 'facts':
      return html`<p style="margin:0 0 16px">
        ${part.facts.map(([name, value], index) => html`${index > 0 ? html`<br />` : null}<b>${name}:</b> ${value}`)}
      </p>`;
  }
}

function layout(subject: string, parts: readonly Part[], disconnectUrl: string): string {
  return toText(
    html`<!doctype html>
      <html lang="en">
        <head>
          <meta charset="utf-8" />
          <meta name="viewport" content="width=device-width, initial-scale=1" />
          <title>${subject}</title>
        </head>
        <body style="margin:0;padding:0;background:#ffffff">
          <div style="max-width:560px;margin:0 auto;padding:24px 20px;${FONT}">
            ${parts.map(partHtml)}
            <p
              style="margin:24px 0 0;padding-top:16px;border-top:1px solid #d9ddd8;font-size:13px;color:#56605b"
            >
              Sent by PeteRental Calendar. To stop it from using your calendar,
              <a href="${disconnectUrl}" style="color:#12664a">disconnect it</a>: you are asked first.
            </p>
          </div>
        </body>
      </html>`,
  ).replace(/^\s+/gm, '');
}

/** Both bodies of a mail, and its subject. */
export function writeLetter(letter: Letter): WrittenLetter {
  const subject = letter.kind === 'message' ? 'A caller left you a message' : OPENINGS[letter.kind].subject;
  const greeting = paragraph(letter.name === null ? 'Hello,' : `Hello ${letter.name},`);
  const content = letter.kind === 'message' ? messageParts(letter) : connectParts(letter);
  const parts = [greeting, ...content];
  const footer = `-- \nSent by PeteRental Calendar. To stop it from using your calendar, open\n${letter.disconnectUrl}`;
  return {
    subject,
    text: `${[...parts.map(partText), footer].join('\n\n')}\n`,
    html: layout(subject, parts, letter.disconnectUrl),
  };
}
