import { createServer } from 'node:net';
import type { AddressInfo, Socket } from 'node:net';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { createMailbox } from '../../sandbox/mailbox.ts';
import type { Mailbox } from '../../sandbox/mailbox.ts';
import { createTransport } from '../../shared/notifications/email-transport.ts';

const from = { name: 'Pete, Rental "Calendar"', address: 'calendar@example.com' };
const message = { to: 'pete@example.com', subject: 'Hello', text: 'Grüße', html: '<p>Grüße</p>' };
let mailbox: Mailbox;

beforeAll(async () => {
  mailbox = await createMailbox();
});
afterAll(() => mailbox.close());
beforeEach(() => {
  mailbox.reset();
});

function smtp(url = mailbox.smtpUrl) {
  return createTransport({ kind: 'smtp', url, from });
}

test('mail goes out by SMTP with both bodies, and nothing that tracks', async () => {
  await smtp()(message);
  const [mail] = mailbox.messages();
  expect(mail).toMatchObject({ recipients: ['pete@example.com'], subject: 'Hello', html: '<p>Grüße</p>' });
  expect(mail?.text.trim()).toBe('Grüße');
  expect(mail?.from).toContain('calendar@example.com');
});

test('an address is one recipient, whatever it contains', async () => {
  await smtp()({ ...message, to: 'a@example.com, b@example.com' }).catch(() => undefined);
  for (const { recipients } of mailbox.messages()) expect(recipients).toHaveLength(1);
});

test('a subject or recipient cannot inject a header', async () => {
  await smtp()({ ...message, subject: 'Hi\r\nBcc: eve@example.com' });
  await smtp()({ ...message, to: 'pete@example.com\r\nRCPT TO:<eve@example.com>' }).catch(() => undefined);
  for (const mail of mailbox.messages()) {
    expect(mail.headers.has('bcc')).toBe(false);
    expect(mail.recipients.some((recipient) => recipient.startsWith('eve@'))).toBe(false);
  }
});

test('a refused mail or a missing server gives mail_failed', async () => {
  mailbox.refuse(true);
  await expect(smtp()(message)).rejects.toMatchObject({ code: 'mail_failed' });
  await expect(smtp('smtp://127.0.0.1:9')(message)).rejects.toMatchObject({ code: 'mail_failed' });
});

test('a silent server fails at the deadline', async () => {
  const sockets: Socket[] = [];
  const silent = createServer((socket) => sockets.push(socket));
  await new Promise<void>((resolve) => {
    silent.listen(0, '127.0.0.1', resolve);
  });
  const sending = smtp(`smtp://127.0.0.1:${(silent.address() as AddressInfo).port}`)(
    message,
    AbortSignal.timeout(200),
  );
  await expect(sending).rejects.toMatchObject({ code: 'mail_failed' });
  for (const socket of sockets) socket.destroy();
  silent.close();
});
