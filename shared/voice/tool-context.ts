import { isAppError } from '../core/errors.ts';
import type { BookingService, Caller, RequireAuthReason, Slot, Viewing } from '../booking/booking.ts';
import { toIsoWithOffset } from '../scheduling/zone.ts';
import type { Answer, AppointmentView, SlotView } from './tool-result.ts';
import type { CallFacts } from '../vapi/call-facts.ts';
import type { CalledManager, Remembered, VapiPorts } from './ports.ts';
import { sayDateAndTime, sayTimes, sayWhen } from './speech/dates.ts';
import type { Language } from './speech/dates.ts';
import type { Lines } from './speech/lines.ts';
import { toSayable } from './speech/speakable.ts';

/** One tool call, on its way to an answer. */
export interface Conversation {
  readonly manager: CalledManager;
  readonly call: CallFacts;
  readonly toolCallId: string | null;
  readonly language: Language;
  readonly lines: Lines;
  /** Epoch milliseconds. */
  readonly now: number;
  /** Aborts at the request's deadline. */
  readonly signal: AbortSignal;
  readonly ports: VapiPorts;
}

export function callerOf({ call, toolCallId }: Conversation): Caller {
  return {
    number: call.callerNumber,
    callId: call.callId,
    toolCallId,
  };
}

/** Opens the manager's calendar for one tool; where it is not connected, that is the answer. */
export async function withDesk(
  talk: Conversation,
  use: (desk: BookingService) => Promise<Answer>,
): Promise<Answer> {
  const opened = await talk.ports.openDesk(talk.manager.userId, talk.signal);
  return opened.ok ? use(opened.desk) : requireAuth(talk.lines, opened.reason);
}

export function requireAuth(lines: Lines, reason: RequireAuthReason): Answer {
  const response = {
    not_connected: lines.notConnected(),
    reconnect_required: lines.reconnectRequired(),
    disconnected: lines.disconnected(),
  }[reason];
  return { response, action: 'require_auth', reason };
}

export function invalid(reason: string, response: string): Answer {
  return {
    response,
    action: 'invalid_request',
    reason,
  };
}

/** What was said on this call before; nothing where there is no call to tell it by. */
export async function recall({ ports, manager, call, signal }: Conversation): Promise<Remembered> {
  return call.callId === null ? {} : ports.calls.recall(manager.userId, call.callId, signal);
}

/** A call whose memory fails goes on: the model still has the machine times. */
export async function remember(talk: Conversation, changes: Remembered): Promise<void> {
  const { ports, manager, call, now, signal } = talk;
  if (call.callId === null) return;
  try {
    await ports.calls.remember(manager.userId, call.callId, changes, now, signal);
  } catch (error) {
    ports.log.warn('call_memory_failed', { code: isAppError(error) ? error.code : 'internal' });
  }
}

/** Says times and places of one manager's calendar. */
export interface Voice {
  when(at: number): string;
  /** A choice of starts. */
  times(starts: readonly number[]): string;
  property(address: string): string;
}

export function createVoice({ language, lines, now }: Conversation, zone: string): Voice {
  return {
    when: (at) => sayWhen(at, zone, language, now),
    times: (starts) => sayTimes(starts, zone, language, now),
    property: (address) => sayProperty(address) || lines.theProperty(),
  };
}

/** Empty where nothing of it can be read aloud. */
export function sayProperty(address: string): string {
  return toSayable(address, 10, 80);
}

export function viewSlots(
  slots: readonly Slot[],
  spoken: readonly Slot[],
  zone: string,
  language: Language,
): SlotView[] {
  const spokenStarts = new Set(spoken.map(({ start }) => start));
  return slots.map(({ start, end }) => ({
    start_time: toIsoWithOffset(start, zone),
    end_time: toIsoWithOffset(end, zone),
    duration_minutes: Math.round((end - start) / 60_000),
    formatted_time: sayDateAndTime(start, zone, language),
    spoken: spokenStarts.has(start),
  }));
}

export function viewAppointment(viewing: Viewing, zone: string, language: Language): AppointmentView {
  return {
    appointment_id: viewing.bookingId,
    event_id: viewing.eventId,
    subject: viewing.subject,
    property_address: viewing.propertyAddress,
    start_time: toIsoWithOffset(viewing.start, zone),
    end_time: toIsoWithOffset(viewing.end, zone),
    formatted_time: sayDateAndTime(viewing.start, zone, language),
    web_link: viewing.webLink,
  };
}

/** Remembers what a line offered, for `the second one`. */
export async function rememberOffer(
  talk: Conversation,
  views: readonly SlotView[],
  propertyAddress?: string,
): Promise<void> {
  const offered = views.map(({ start_time, formatted_time, spoken }) => ({
    start: Date.parse(start_time),
    text: formatted_time,
    spoken,
  }));
  await remember(talk, { offered, ...(propertyAddress !== undefined && { propertyAddress }) });
}
