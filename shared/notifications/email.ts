/** A message that a caller left, as a mail shows it. */
export interface MessageContent {
  readonly text: string;
  readonly name: string | null;
  /** E.164: the call's own number. */
  readonly callerNumber: string | null;
  /** As the caller said it; only if the call has no number of its own. */
  readonly givenNumber: string | null;
  readonly propertyAddress: string | null;
  /** The times last offered on the call, as they were read aloud. */
  readonly offered: readonly string[];
  /** Epoch milliseconds. */
  readonly receivedAt: number;
}

/** `invite`: connect for the first time. `reconnect`: the connection is lost. `link`: asked for on a call. */
export type ConnectEmailKind = 'invite' | 'reconnect' | 'link';

/** What a mail says. A new kind needs its words in email-templates.ts. */
export type EmailContent =
  | {
      readonly kind: ConnectEmailKind;
      /** The only account that may connect; null if any may. */
      readonly calendarEmail: string | null;
      readonly connectUrl: string;
      /** Epoch milliseconds. */
      readonly expiresAt: number;
    }
  | { readonly kind: 'message'; readonly message: MessageContent }
  | {
      /** The messages of one call that were not mailed one by one. */
      readonly kind: 'messages';
      readonly messages: readonly MessageContent[];
      /** How many more cannot be read any longer. */
      readonly unreadable: number;
    }
  | {
      /** Anything else that the manager should know. */
      readonly kind: 'notice';
      /** Fixed words: nothing that a person typed. */
      readonly subject: string;
      readonly paragraphs: readonly string[];
      readonly items: readonly string[];
    };

/** A mail to a manager. */
export type Email = EmailContent & {
  readonly to: string;
  /** The manager's name. People type it, so it appears in no header and is escaped in HTML. */
  readonly name: string | null;
  /** IANA name: dates are written in it. */
  readonly timeZone: string;
  /** Lets the manager disconnect. Null if the mail goes to somebody without an account. */
  readonly disconnectUrl: string | null;
};

/** Sends mails. */
export interface Mailer {
  /** Resolves once the mail server or service has accepted the mail. @throws AppError `mail_failed` */
  send(email: Email, signal?: AbortSignal): Promise<void>;
}
