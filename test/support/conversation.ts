// A line to the conversation with everything behind it in memory, and the ways VAPI writes down a tool call.
import type { CallRecord } from '../../shared/voice/call-memory.ts';
import type { StoredMessage } from '../../shared/messages/message.ts';
import { createMessages } from '../../shared/messages/messages.ts';
import type { MailMessages } from '../../shared/messages/messages.ts';
import type { MessageStore } from '../../shared/messages/store.ts';
import type { MessageContent } from '../../shared/notifications/email.ts';
import type { ListedProperty } from '../../shared/properties/property.ts';
import type { CalledManager, RentalSearchRecord, VoicePorts } from '../../shared/voice/ports.ts';
import { createVapiWebhook } from '../../shared/vapi/webhook.ts';
import type { WebhookOptions } from '../../shared/vapi/webhook.ts';
import type { ToolResult } from '../../shared/voice/tool-result.ts';
import { createFakeBookingServices } from './fake-booking-service.ts';
import type { FakeBookingServices } from './fake-booking-service.ts';
import { createFakeCallRecords } from './fake-call-records.ts';
import { createFakePropertyDirectory } from './fake-property-directory.ts';
import { createFakeSearchStore } from './fake-search-store.ts';

/** Monday, November 23, 2026, 9:30 in Chicago. */
export const NOW = Date.parse('2026-11-23T15:30:00Z');
export const MANAGER = '+15555550001';
/** Another manager, whom tests add. */
export const OTHER = '+15555550002';
export const ASSISTANT = 'assistant-1';
export const DIALLED = '+13125550100';
export const CALLER = '+13125550199';

/** What a webhook without credentials is made with. */
export const OPTIONS = { secrets: [], hmacSecrets: [], allowUnauthenticated: true, trustToolUserId: false };

export interface Conversation {
  /** Sends a body and gives the answer as parsed JSON. */
  send(body: unknown): Promise<unknown>;
  /** Calls one tool in the tool-calls form and gives its answer. */
  call(name: string, args: Record<string, unknown>, options?: CallOptions): Promise<ToolResult>;
  readonly bookingServices: FakeBookingServices;
  readonly managers: CalledManager[];
  /** The homes of the portfolio: none unless a test adds some. */
  readonly homes: ListedProperty[];
  /** The other managers of the portfolio. */
  readonly members: string[];
  /** For whom messages were taken, in their order. */
  readonly takenFor: string[];
  readonly searches: RentalSearchRecord[];
  readonly messages: StoredMessage[];
  readonly mailed: MessageContent[];
  readonly logged: string[];
  readonly ports: VoicePorts;
  advance(ms: number): void;
}

export interface CallOptions {
  /** One by default; null for a call that has none. */
  readonly callId?: string | null;
  readonly toolCallId?: string;
  /** The caller's own number by default; null for a withheld one. */
  readonly number?: string | null;
}

let toolCalls = 0;

export function phoneCall({ callId = 'call-1', number = CALLER }: CallOptions = {}): Record<string, unknown> {
  return {
    ...(callId !== null && { id: callId }),
    type: 'inboundPhoneCall',
    assistantId: ASSISTANT,
    ...(number !== null && { customer: { number } }),
  };
}

export function toolCallsBody(
  name: string,
  args: Record<string, unknown>,
  options: CallOptions = {},
): Record<string, unknown> {
  return {
    message: {
      type: 'tool-calls',
      call: phoneCall(options),
      phoneNumber: { number: DIALLED },
      toolCallList: [
        {
          id: options.toolCallId ?? `tool-${(toolCalls += 1)}`,
          type: 'function',
          function: { name, arguments: args },
        },
      ],
    },
  };
}

/** Messages of one manager in memory, in the order of their arrival. `messages` shows what is stored. */
export function createFakeMessageStore(messages: StoredMessage[]): MessageStore {
  const nothing = (): Promise<never[]> => Promise.resolve([]);
  return {
    save: (_userId, message, { repeatWithinMs }) => {
      const index = messages.findIndex(
        ({ id, receivedAt }) =>
          id === message.id && (repeatWithinMs === null || message.receivedAt - receivedAt < repeatWithinMs),
      );
      const before = messages[index];
      if (before) return Promise.resolve({ message: before, number: index + 1 });
      messages.push({ ...message, mailed: false });
      return Promise.resolve({ message: { ...message, mailed: false }, number: messages.length });
    },
    markMailed: (_userId, marked) => {
      for (const message of marked) {
        const index = messages.findIndex(({ id }) => id === message.id);
        messages.splice(index, 1, { ...message, mailed: true });
      }
      return Promise.resolve();
    },
    list: (_userId, limit) => Promise.resolve(messages.toReversed().slice(0, limit)),
    listUnmailed: nothing,
    scheduleDigest: () => Promise.resolve(),
    listDueDigests: nothing,
    finishDigest: () => Promise.resolve(true),
    deleteOne: (_userId, saved) => {
      const index = messages.findIndex(({ id }) => id === saved.message.id);
      if (index >= 0) messages.splice(index, 1);
      return Promise.resolve();
    },
    deleteAll: () => Promise.resolve(),
    deleteOlder: () => Promise.resolve(0),
  };
}

export function createConversation(
  options: Partial<WebhookOptions> & { overrides?: Partial<VoicePorts>; mail?: MailMessages } = {},
): Conversation {
  const { overrides, mail, ...webhookOptions } = options;
  let now = NOW;
  const clock = (): number => now;
  const bookingServices = createFakeBookingServices(clock);
  const managers: CalledManager[] = [
    { userId: MANAGER, language: null, assistantIds: [ASSISTANT], timeZone: null, policies: {} },
  ];
  const homes: ListedProperty[] = [];
  const members: string[] = [];
  const takenFor: string[] = [];
  const searches: RentalSearchRecord[] = [];
  const messages: StoredMessage[] = [];
  const mailed: MessageContent[] = [];
  const logged: string[] = [];
  const log = (event: string): void => void logged.push(event);

  const ports: VoicePorts = {
    managers: {
      findByAssistant: (id) => Promise.resolve(managers.find((m) => m.assistantIds.includes(id)) ?? null),
      findByNumber: (number) => Promise.resolve(number === DIALLED ? (managers[0] ?? null) : null),
      find: (userId) => Promise.resolve(managers.find((m) => m.userId === userId) ?? null),
      findOnlyManager: () => {
        const [only, ...others] = managers;
        if (!only) return Promise.resolve('none');
        return Promise.resolve(others.length === 0 ? only : 'several');
      },
    },
    bookingServiceFor: bookingServices.bookingServiceFor,
    // The calendars in memory note no requests.
    findEarlierRequest: () => Promise.resolve(null),
    properties: createFakePropertyDirectory(homes, () => [MANAGER, ...members]),
    searches: createFakeSearchStore(searches),
    defaultTimeZone: 'America/Chicago',
    sendLink: () => Promise.resolve('sent'),
    openCallRecord: createFakeCallRecords(),
    messages: createMessages({
      store: createFakeMessageStore(messages),
      isManager: () => Promise.resolve(true),
      mail:
        mail ??
        ((userId, content) => {
          if (content.kind === 'message') takenFor.push(userId);
          if (content.kind === 'message') mailed.push(content.message);
          return Promise.resolve();
        }),
      log: { info: log, warn: log, error: log },
      now: clock,
    }),
    log: { info: log, warn: log, error: log },
    now: clock,
    ...overrides,
  };
  const webhook = createVapiWebhook(ports, { ...OPTIONS, ...webhookOptions });
  const send = async (body: unknown): Promise<unknown> => {
    const json = typeof body === 'string' ? body : JSON.stringify(body);
    return JSON.parse(JSON.stringify(await webhook.answer(json)));
  };
  return {
    send,
    async call(name, args, callOptions) {
      const { results } = (await send(toolCallsBody(name, args, callOptions))) as {
        results: { result: string }[];
      };
      return JSON.parse(results[0]?.result ?? '') as ToolResult;
    },
    bookingServices,
    homes,
    members,
    takenFor,
    searches,
    managers,
    messages,
    mailed,
    logged,
    ports,
    advance: (ms) => void (now += ms),
  };
}

/** Overrides under which every call's record has these methods instead. */
export function withCallRecord(changes: Partial<CallRecord>): Partial<VoicePorts> {
  const { openCallRecord } = createConversation().ports;
  return { openCallRecord: (...call) => ({ ...openCallRecord(...call), ...changes }) };
}
