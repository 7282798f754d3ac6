import { withDeadline } from '../core/deadline.ts';
import { DAY_MS, HOUR_MS, MINUTE_MS, SECOND_MS } from '../core/duration.ts';
import { AppError, codeOf, isAppError } from '../core/errors.ts';
import { hashText } from '../core/hash.ts';
import type { Log } from '../core/log.ts';
import type { EmailContent } from '../notifications/email.ts';
import { isReadable } from './message.ts';
import type { CallerMessage, ListedMessage, StoredMessage } from './message.ts';
import type { MessageStore, PendingDigest } from './store.ts';

/** One call sends this many mails; what it leaves after that comes in one digest. */
const MAX_MAILS_PER_CALL = 3;
/** The digest waits for so long after the call's last message. */
const DIGEST_DELAY_MS = 10 * MINUTE_MS;
/** A digest that cannot be mailed for so long is given up. Its messages can still be listed. */
const DIGEST_TRIES_MS = DAY_MS;
/** A digest may take so long, so that a mail server that does not answer leaves time for the others. */
const DIGEST_TIMEOUT_MS = 15 * SECOND_MS;
/** How long the caller waits for the mail. The message is saved in any case. */
const MAIL_TIMEOUT_MS = 4 * SECOND_MS;
/** Without a call, the same text within this time is a repeat. */
const REPEAT_WITHIN_MS = 10 * MINUTE_MS;
/** Messages are deleted after so long. */
const RETENTION_MS = 180 * DAY_MS;

/** @throws AppError `mail_not_configured`, `mail_failed`, `storage_unavailable`, `deadline_exceeded` */
export type MailMessages = (
  userId: string,
  content: Extract<EmailContent, { readonly kind: 'message' | 'messages' }>,
  signal: AbortSignal,
) => Promise<void>;

/** Callers' messages for managers. */
export interface Messages {
  /**
   * Saves what a caller left, and mails it.
   * @param callId VAPI's id; null if the request belongs to no call
   * @returns whether the manager has been mailed it by now
   * @throws AppError `storage_unavailable`, `concurrent_update`, `deadline_exceeded`; `not_found` if the manager is deleted at
   *   that moment
   */
  take(
    userId: string,
    callId: string | null,
    message: CallerMessage,
    signal: AbortSignal,
  ): Promise<StoredMessage>;
  /** Newest first. @throws AppError `storage_unavailable`, `deadline_exceeded` */
  list(userId: string, limit: number, signal: AbortSignal): Promise<readonly ListedMessage[]>;
  /** Mails the digests that are due. @returns how many */
  sendDigests(signal: AbortSignal): Promise<number>;
  deleteAll(userId: string, signal: AbortSignal): Promise<void>;
  /** Deletes messages that are older than 180 days. @returns how many rows */
  deleteOld(signal: AbortSignal): Promise<number>;
}

/** What messages need from outside. */
export interface MessagesOptions {
  readonly store: MessageStore;
  readonly mail: MailMessages;
  /** Whether the manager has a profile now. */
  readonly isManager: (userId: string, signal: AbortSignal) => Promise<boolean>;
  /** Epoch milliseconds. */
  readonly now: () => number;
  readonly log: Log;
}

/** Takes callers' messages for managers: stores each, mails the first three of a call at once, and the others in one digest. */
export function createMessages({ store, mail, isManager, now, log }: MessagesOptions): Messages {
  async function mailNow(userId: string, message: CallerMessage, signal: AbortSignal): Promise<boolean> {
    try {
      await withDeadline(
        MAIL_TIMEOUT_MS,
        (deadline) => deadline.within(mail(userId, { kind: 'message', message }, deadline.signal)),
        signal,
      );
      return true;
    } catch (error) {
      if (!isAppError(error, 'mail_not_configured')) {
        log.warn('message_mail_failed', { code: codeOf(error) });
      }
      return false;
    }
  }

  async function markMailed(userId: string, message: CallerMessage, signal: AbortSignal): Promise<void> {
    try {
      await store.markMailed(userId, [message], signal);
    } catch (error) {
      // The mail has left. At worst a repeat mails it once more.
      log.warn('message_mark_failed', { code: codeOf(error) });
    }
  }

  async function sendDigest(digest: PendingDigest, signal: AbortSignal): Promise<boolean> {
    const { userId, callKey } = digest;
    const unmailed = await store.listUnmailed(userId, callKey, signal);
    const messages = unmailed.filter(isReadable);
    if (messages.length > 0) {
      const unreadable = unmailed.length - messages.length;
      await mail(userId, { kind: 'messages', messages, unreadable }, signal);
      await store.markMailed(userId, messages, signal);
    }
    await store.finishDigest(digest, signal);
    return messages.length > 0;
  }

  return {
    async take(userId, callId, message, signal) {
      // Requests without a call are counted together by the hour, so that they cannot send mail without end.
      const hour = Math.floor(message.receivedAt / HOUR_MS);
      const callKey = callId === null ? hashText('hour', String(hour)) : hashText('call', callId);
      const repeatWithinMs = callId === null ? REPEAT_WITHIN_MS : null;
      const saved = await store.save(userId, message, { callKey, repeatWithinMs }, signal);
      // A deletion erases what is stored by then. What was stored after that would stay, and wait for the next of that id.
      if (!(await isManager(userId, signal))) {
        await store.deleteOne(userId, saved, callKey, signal);
        throw new AppError('not_found', 'The manager was deleted');
      }
      if (saved.message.mailed) return saved.message;
      if (saved.number <= MAX_MAILS_PER_CALL && (await mailNow(userId, saved.message, signal))) {
        await markMailed(userId, saved.message, signal);
        return { ...saved.message, mailed: true };
      }
      await store.scheduleDigest(userId, callKey, now() + DIGEST_DELAY_MS, signal);
      return saved.message;
    },

    list: (userId, limit, signal) => store.list(userId, limit, signal),

    async sendDigests(signal) {
      let sent = 0;
      for (const digest of await store.listDueDigests(now(), signal)) {
        try {
          const isSent = await withDeadline(
            DIGEST_TIMEOUT_MS,
            (deadline) => deadline.within(sendDigest(digest, deadline.signal)),
            signal,
          );
          if (isSent) sent += 1;
        } catch (error) {
          const isGivenUp =
            isAppError(error, 'mail_not_configured') || now() - digest.dueAt > DIGEST_TRIES_MS;
          log.error('message_digest_failed', { given_up: isGivenUp }, error);
          if (isGivenUp) await store.finishDigest(digest, signal);
        }
      }
      return sent;
    },

    deleteAll: (userId, signal) => store.deleteAll(userId, signal),
    deleteOld: (signal) => store.deleteOlder(now() - RETENTION_MS, signal),
  };
}
