import type { BookingServiceFor } from '../booking/booking.ts';
import type { SendLinkOutcome } from '../connections/invite.ts';
import type { Log } from '../core/log.ts';
import type { Messages } from '../messages/messages.ts';
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

/** @throws AppError `mail_not_configured`, `mail_failed`, `storage_unavailable` */
export type SendLink = (userId: string, signal: AbortSignal) => Promise<SendLinkOutcome>;

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
  readonly messages: Pick<Messages, 'take'>;
  readonly log: Log;
  readonly observer?: ToolCallObserver;
  /** Epoch milliseconds. */
  readonly now: () => number;
}
