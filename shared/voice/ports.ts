import type { BookingServiceFor } from '../booking/booking.ts';
import type { FindEarlierRequest } from '../booking/earlier-request.ts';
import type { SendLinkOutcome } from '../connections/invite.ts';
import type { Log } from '../core/log.ts';
import type { Messages } from '../messages/messages.ts';
import type { PropertyDirectory } from '../properties/directory.ts';
import type { Criteria } from '../properties/search/criteria.ts';
import type { Relaxed } from '../properties/search/search-rentals.ts';
import type { OpenCallRecord } from './call-memory.ts';

/** A manager, as the conversation needs them. */
export interface CalledManager {
  readonly userId: string;
  /** A BCP 47 tag; null if none is set. */
  readonly language: string | null;
  /** VAPI assistants that answer for this manager, the first one before the others. */
  readonly assistantIds: readonly string[];
  /** IANA name; null if none is set. */
  readonly timeZone: string | null;
  /** Short texts by topic that callers may hear. */
  readonly policies: Readonly<Record<string, string>>;
}

/** Finds managers by who was called. Errors of the tables reject with AppError `storage_unavailable`. */
export interface ManagerDirectory {
  /** @param signal aborts at the request's deadline. @throws AppError `storage_unavailable` */
  findByAssistant(assistantId: string, signal: AbortSignal): Promise<CalledManager | null>;
  /** @param address E.164, or a `sip:` address. */
  findByNumber(address: string, signal: AbortSignal): Promise<CalledManager | null>;
  find(userId: string, signal: AbortSignal): Promise<CalledManager | null>;
  /** The only manager there is. */
  findOnlyManager(signal: AbortSignal): Promise<CalledManager | 'none' | 'several'>;
}

/** @throws AppError `mail_not_configured`, `mail_failed`, `storage_unavailable` */
export type SendLink = (userId: string, signal: AbortSignal) => Promise<SendLinkOutcome>;

/** One search for rentals, without the person who searched. */
export interface RentalSearchRecord {
  /** The provider's id of the call, as a search is written; its hash, as searches are listed. Null if the request named none. */
  readonly callId: string | null;
  readonly criteria: Criteria;
  /** The ids of the homes found, in the order told, 10 at most. */
  readonly results: readonly string[];
  readonly total: number;
  readonly relaxed: Relaxed | null;
  /** Epoch milliseconds. */
  readonly searchedAt: number;
}

/** Searches are kept for 30 days, so that an operator can show that everybody hears the same. */
export interface SearchStore {
  save(userId: string, search: RentalSearchRecord, signal: AbortSignal): Promise<void>;
  /** Newest first. */
  list(userId: string, limit: number, signal: AbortSignal): Promise<readonly RentalSearchRecord[]>;
}

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
  readonly bookingServiceFor: BookingServiceFor;
  readonly findEarlierRequest: FindEarlierRequest;
  readonly sendLink: SendLink;
  readonly openCallRecord: OpenCallRecord;
  readonly messages: Pick<Messages, 'take'>;
  readonly properties: PropertyDirectory;
  readonly searches: SearchStore;
  /** IANA name: for managers who have none of their own. */
  readonly defaultTimeZone: string;
  readonly log: Log;
  readonly observer?: ToolCallObserver;
  /** Epoch milliseconds. */
  readonly now: () => number;
}
