import { AppError } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import { createManagedIdentity } from '../azure/managed-identity.ts';
import type { Mailer } from './email.ts';
import { renderEmail } from './email-templates.ts';
import { SECOND_MS } from '../core/duration.ts';

/** An address with its display name. */
export interface Address {
  readonly name: string;
  readonly address: string;
}

/** A mail as it leaves. */
export interface OutgoingEmail {
  readonly to: string;
  readonly subject: string;
  readonly text: string;
  readonly html: string;
}

/** How mail leaves. */
export type MailSettings =
  | { readonly kind: 'smtp'; readonly url: string; readonly from: Address }
  | {
      readonly kind: 'acs';
      readonly endpoint: string;
      readonly from: Address;
      readonly identityClientId: string | null;
    };

/** Resolves once the mail server or service has accepted the mail. @throws `mail_failed` */
export type Transport = (email: OutgoingEmail, signal?: AbortSignal) => Promise<void>;

const TIMEOUT_MS = 10 * SECOND_MS;

function failed(cause: unknown): AppError {
  return new AppError('mail_failed', 'The mail could not be sent', { cause });
}

/** Rejects when the signal aborts, even if the work goes on. */
async function untilAborted(work: Promise<unknown>, signal: AbortSignal): Promise<void> {
  let abort: () => void = () => undefined;
  const aborted = new Promise<never>((_, reject) => {
    abort = () => {
      reject(signal.reason as Error);
    };
    if (signal.aborted) abort();
    signal.addEventListener('abort', abort, { once: true });
  });
  try {
    await Promise.race([work, aborted]);
  } finally {
    signal.removeEventListener('abort', abort);
  }
}

/** @see https://nodemailer.com/smtp/ */
function createSmtp(url: string, from: Address): Transport {
  return async (message, signal) => {
    const { createTransport } = await import('nodemailer');
    const transport = createTransport({
      url,
      connectionTimeout: TIMEOUT_MS,
      greetingTimeout: TIMEOUT_MS,
      socketTimeout: TIMEOUT_MS,
      disableFileAccess: true,
      disableUrlAccess: true,
    });
    try {
      // As an object: a string would be read as a list of addresses.
      const to = { name: '', address: message.to };
      await untilAborted(transport.sendMail({ ...message, to, from }), withTimeout(signal));
    } finally {
      transport.close();
    }
  };
}

/**
 * Waits for acceptance alone: delivery takes minutes.
 * @see https://learn.microsoft.com/azure/communication-services/quickstarts/email/send-email
 */
function createAcs(endpoint: string, from: Address, identityClientId: string | null): Transport {
  return async ({ to, subject, text, html }, signal) => {
    const { EmailClient } = await import('@azure/communication-email');
    const client = new EmailClient(endpoint, createManagedIdentity(identityClientId));
    await client.beginSend(
      {
        senderAddress: from.address,
        content: { subject, plainText: text, html },
        recipients: { to: [{ address: to }] },
      },
      { abortSignal: withTimeout(signal) },
    );
  };
}

function withTimeout(signal: AbortSignal | undefined): AbortSignal {
  const timeout = AbortSignal.timeout(TIMEOUT_MS);
  return signal ? AbortSignal.any([signal, timeout]) : timeout;
}

/** The transport that the settings name: SMTP, or Azure Communication Services. It throws AppError `mail_failed`. */
export function createTransport(settings: MailSettings): Transport {
  const send =
    settings.kind === 'smtp'
      ? createSmtp(settings.url, settings.from)
      : createAcs(settings.endpoint, settings.from, settings.identityClientId);
  return async (message, signal) => {
    try {
      await send(message, signal);
    } catch (error) {
      throw failed(error);
    }
  };
}

/** Sends mail, and logs every mail that fails under one name. */
export function createMailer(settings: MailSettings, log: Log): Mailer {
  const send = createTransport(settings);
  return {
    async send(email, signal) {
      try {
        await send({ to: email.to, ...renderEmail(email) }, signal);
      } catch (error) {
        log.error('mail_failed', { mail: email.kind }, error);
        throw error;
      }
    },
  };
}
