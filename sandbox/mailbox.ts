// Catches mail: a real SMTP server that keeps what it is given, and an inbox to read it in.
import { createServer } from 'node:http';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { simpleParser } from 'mailparser';
import type { AddressObject } from 'mailparser';
import { SMTPServer } from 'smtp-server';
import { keepConnections } from './keep-alive.ts';
import { inboxPage, messagePage } from './mailbox-pages.ts';

export interface CaughtMail {
  /** Counted from 1, in the order of arrival. */
  readonly id: number;
  /** The envelope's recipients: whom it would have reached. */
  readonly recipients: readonly string[];
  readonly from: string;
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
  /** As sent, lower-case names. */
  readonly headers: ReadonlyMap<string, string>;
  readonly raw: string;
  readonly receivedAt: Date;
}

export interface Mailbox {
  /** The inbox, for people; `/messages` is the same as JSON. */
  readonly url: string;
  readonly smtpUrl: string;
  /** Oldest first. */
  messages(): readonly CaughtMail[];
  /** From now on every mail is refused with 451, or taken again. */
  refuse(refusing: boolean): void;
  /** The next mail waits for its answer until it is refused. */
  hold(): HeldMail;
  reset(): void;
  close(): Promise<void>;
}

/** A mail that the server has taken in and not answered. */
export interface HeldMail {
  readonly arrived: Promise<void>;
  /** Answers it with 451. */
  refuse(): void;
}

export interface MailboxOptions {
  /** Of the inbox. Default 0: any free port. */
  readonly port?: number;
  /** Default 0. */
  readonly smtpPort?: number;
}

function textOf(address: AddressObject | AddressObject[] | undefined): string {
  return [address ?? []]
    .flat()
    .map(({ text }) => text)
    .join(', ');
}

async function parse(raw: string, recipients: string[], id: number): Promise<CaughtMail> {
  const mail = await simpleParser(raw, { skipImageLinks: true, skipTextLinks: true, skipHtmlToText: true });
  return {
    id,
    recipients,
    from: textOf(mail.from),
    to: textOf(mail.to),
    subject: mail.subject ?? '',
    text: mail.text ?? '',
    html: mail.html || '',
    headers: new Map(mail.headerLines.map(({ key, line }) => [key, line.slice(key.length + 1).trim()])),
    raw,
    receivedAt: new Date(),
  };
}

function listen(
  server: { listen(port: number, host: string, done: () => void): unknown },
  port: number,
): Promise<void> {
  return new Promise((resolve) => {
    server.listen(port, '127.0.0.1', resolve);
  });
}

/** Starts an SMTP server that catches every mail, and a page that shows them. */
export async function createMailbox(options: MailboxOptions = {}): Promise<Mailbox> {
  let messages: CaughtMail[] = [];
  let isRefusing = false;
  let hold: ((refuse: () => void) => void) | null = null;

  const smtp = new SMTPServer({
    authOptional: true,
    disabledCommands: ['STARTTLS'],
    disableReverseLookup: true,
    onData(stream, session, done) {
      const chunks: Buffer[] = [];
      stream.on('data', (chunk: Buffer) => chunks.push(chunk));
      stream.on('end', () => {
        const refuse = (): void => {
          done(Object.assign(new Error('Come back later'), { responseCode: 451 }));
        };
        if (hold) {
          hold(refuse);
          hold = null;
          return;
        }
        if (isRefusing) {
          refuse();
          return;
        }
        const recipients = session.envelope.rcptTo.map(({ address }) => address);
        parse(Buffer.concat(chunks).toString('utf8'), recipients, messages.length + 1)
          .then((mail) => {
            messages.push(mail);
            done();
          })
          .catch(done);
      });
    },
  });

  const answer = (request: IncomingMessage, response: ServerResponse): void => {
    const path = (request.url ?? '/').split('?')[0] ?? '/';
    const id = Number(/^\/messages\/(\d+)$/.exec(path)?.[1]);
    const mail = messages.find((one) => one.id === id);
    const send = (status: number, type: string, body: string): void => {
      response
        .writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'cache-control': 'no-store' })
        .end(body);
    };
    if (path === '/') send(200, 'text/html', inboxPage(messages));
    else if (path === '/messages') {
      send(200, 'application/json', JSON.stringify(messages));
    } else if (mail) send(200, 'text/html', messagePage(mail));
    else send(404, 'text/plain', 'No such mail');
  };
  const web = createServer(answer);
  keepConnections(web);

  await Promise.all([listen(smtp, options.smtpPort ?? 0), listen(web, options.port ?? 0)]);
  return {
    url: `http://127.0.0.1:${(web.address() as AddressInfo).port}`,
    smtpUrl: `smtp://127.0.0.1:${(smtp.server.address() as AddressInfo).port}`,
    messages: () => messages,
    refuse(refusing) {
      isRefusing = refusing;
    },
    hold() {
      let answer: (() => void) | undefined;
      const arrived = new Promise<void>((resolve) => {
        hold = (refuse) => {
          answer = refuse;
          resolve();
        };
      });
      return { arrived, refuse: () => answer?.() };
    },
    reset() {
      messages = [];
      isRefusing = false;
      hold = null;
    },
    async close() {
      web.closeAllConnections();
      await Promise.all([
        new Promise<void>((resolve) => {
          smtp.close(resolve);
        }),
        new Promise((resolve) => {
          web.close(resolve);
        }),
      ]);
    },
  };
}
