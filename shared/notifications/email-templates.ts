// Headers hold nothing that a person typed. Names, messages and addresses are in the bodies only, escaped in the HTML.
import { formatTime } from '../core/format-time.ts';
import { html, toText } from '../core/html.ts';
import type { Html } from '../core/html.ts';
import type { ConnectEmailKind, Email, EmailContent, MessageContent } from './email.ts';

/** A mail, ready to be sent. */
export interface RenderedEmail {
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** One part of a mail. The text and the HTML body are both made from it. */
type Part =
  | { readonly kind: 'paragraph'; readonly text: string }
  | { readonly kind: 'button'; readonly label: string; readonly url: string }
  | { readonly kind: 'quote'; readonly text: string }
  | { readonly kind: 'facts'; readonly facts: readonly (readonly [name: string, value: string])[] };

function paragraph(text: string): Part {
  return { kind: 'paragraph', text };
}

type ConnectEmail = Extract<EmailContent, { readonly kind: ConnectEmailKind }>;

const OPENINGS: Readonly<Record<ConnectEmailKind, { subject: string; why: string; label: string }>> = {
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

function connectParts(email: ConnectEmail, timeZone: string): Part[] {
  const { why, label } = OPENINGS[email.kind];
  return [
    paragraph(why),
    paragraph(
      email.calendarEmail === null
        ? 'Choose the Microsoft account whose calendar it should use.'
        : `Sign in with this account. No other account can be connected with this link: ${email.calendarEmail}`,
    ),
    { kind: 'button', label, url: email.connectUrl },
    paragraph(
      `The link works once, until ${formatTime(email.expiresAt, timeZone)}. Opening it changes nothing: you are asked first.`,
    ),
  ];
}

function messageParts(message: MessageContent, timeZone: string): Part[] {
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
    { kind: 'quote', text: message.text },
    { kind: 'facts', facts },
  ];
}

function digestParts(messages: readonly MessageContent[], unreadable: number, timeZone: string): Part[] {
  const parts = messages.flatMap((message) => messageParts(message, timeZone));
  if (unreadable === 0) return parts;
  const count = unreadable === 1 ? 'One message' : `${unreadable} messages`;
  return [...parts, paragraph(`${count} of this call cannot be shown any more.`)];
}

/** The subject, and the parts below the greeting. */
function contentOf(email: Email): { readonly subject: string; readonly parts: readonly Part[] } {
  switch (email.kind) {
    case 'invite':
    case 'reconnect':
    case 'link':
      return { subject: OPENINGS[email.kind].subject, parts: connectParts(email, email.timeZone) };
    case 'message':
      return {
        subject: 'A caller left you a message',
        parts: [
          paragraph('A caller left a message for you. The voice assistant wrote it down:'),
          ...messageParts(email.message, email.timeZone),
        ],
      };
    case 'messages':
      return {
        subject: 'A caller left you more messages',
        parts: [
          paragraph('A caller left several messages for you in one call. These have not been mailed before:'),
          ...digestParts(email.messages, email.unreadable, email.timeZone),
        ],
      };
    case 'notice':
      return {
        subject: email.subject,
        parts: [
          ...email.paragraphs.map(paragraph),
          ...(email.items.length > 0 ? [{ kind: 'quote' as const, text: email.items.join('\n') }] : []),
        ],
      };
  }
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

/** The address is shown below each button, too: people check it, and Outlook may not show buttons. */
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

const SENDER = 'Sent by PeteRental Calendar.';

function layout(subject: string, parts: readonly Part[], disconnectUrl: string | null): string {
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
              ${SENDER}
              ${
                disconnectUrl === null
                  ? null
                  : html`To stop it from using your calendar,
                      <a href="${disconnectUrl}" style="color:#12664a">disconnect it</a>: you are asked first.`
              }
            </p>
          </div>
        </body>
      </html>`,
  ).replace(/^\s+/gm, '');
}

/** Both bodies of a mail, and its subject. */
export function renderEmail(email: Email): RenderedEmail {
  const { subject, parts: content } = contentOf(email);
  const parts = [paragraph(email.name === null ? 'Hello,' : `Hello ${email.name},`), ...content];
  const disconnect =
    email.disconnectUrl === null ? '' : ` To stop it from using your calendar, open\n${email.disconnectUrl}`;
  return {
    subject,
    text: `${[...parts.map(partText), `-- \n${SENDER}${disconnect}`].join('\n\n')}\n`,
    html: layout(subject, parts, email.disconnectUrl),
  };
}
