import type { BookingServiceFor } from '../booking/booking.ts';
import type { Log } from '../core/log.ts';
import type { OpenCallRecord } from './call-memory.ts';

/** A manager, as the conversation needs them. */
export interface CalledManager {
  readonly userId: string;
  /** A BCP 47 tag; null where none is set. */
  readonly language: string | null;
  /** VAPI assistants that answer for this manager, the first one before the others. */
  readonly assistantIds: readonly string[];
}

export interface ManagerDirectory {
  /** @param signal aborts at the request's deadline. @throws AppError `storage_unavailable` */
  findByAssistant(assistantId: string, signal: AbortSignal): Promise<CalledManager | null>;
  /** @param address E.164, or a `sip:` address. */
  findByNumber(address: string, signal: AbortSignal): Promise<CalledManager | null>;
  find(userId: string, signal: AbortSignal): Promise<CalledManager | null>;
  /** The only manager there is. */
  findSole(signal: AbortSignal): Promise<CalledManager | 'none' | 'several'>;
}

/** What became of the request for a connect link. */
export type LinkOutcome =
  /** Mailed to the manager's address on file. */
  | 'sent'
  /** One went out within the last hour. */
  | 'sent_before'
  /** Nothing to connect. */
  | 'connected'
  /** No address on file. */
  | 'no_address';

/** @throws AppError `mail_not_configured`, `mail_failed`, `storage_unavailable` */
export type SendLink = (userId: string, signal: AbortSignal) => Promise<LinkOutcome>;

export interface TakenMessage {
  /** Derived from the call and the text: a repeat has the same. */
  readonly id: string;
  readonly text: string;
  readonly name: string | null;
  /** E.164, the call's own. */
  readonly callerNumber: string | null;
  /** As the caller gave it; only where the call has none of its own. */
  readonly givenNumber: string | null;
  readonly propertyAddress: string | null;
  /** The times last offered on the call, as they were read aloud. */
  readonly offered: readonly string[];
  readonly receivedAt: number;
}

export interface StoredMessage extends TakenMessage {
  /** Whether the manager has been sent it. */
  readonly mailed: boolean;
}

export interface MessageStore {
  /**
   * Keeps a message, but for one that repeats another.
   * @param repeatWithinMs how long the same id is a repeat; for ever where it is null.
   * @returns the one kept now, or before.
   */
  keep(
    userId: string,
    message: TakenMessage,
    repeatWithinMs: number | null,
    signal: AbortSignal,
  ): Promise<StoredMessage>;
  markMailed(userId: string, message: StoredMessage, signal: AbortSignal): Promise<void>;
  /** Newest first. */
  list(userId: string, limit: number, signal: AbortSignal): Promise<readonly StoredMessage[]>;
}

/** Mails a message to the manager. @throws AppError `mail_not_configured`, `mail_failed` */
export type MailMessage = (userId: string, message: TakenMessage, signal: AbortSignal) => Promise<void>;

/** Hears of each tool call while it runs: telemetry. It neither throws nor waits. */
export interface ToolCallObserver {
  managerResolved(userId: string): void;
  /** @param tool one of ours, or `unknown`. @param outcome the action of the result, or `repeated` for a repeated request. */
  toolCallAnswered(facts: {
    readonly tool: string;
    readonly callId: string | null;
    readonly outcome: string;
  }): void;
}

/** Everything that the conversation needs of the rest of the app. */
export interface VoicePorts {
  readonly managers: ManagerDirectory;
  readonly openDesk: BookingServiceFor;
  readonly sendLink: SendLink;
  readonly openCallRecord: OpenCallRecord;
  readonly messages: MessageStore;
  readonly mailMessage: MailMessage;
  readonly log: Log;
  readonly observer?: ToolCallObserver;
  /** Epoch milliseconds. */
  readonly now: () => number;
}
