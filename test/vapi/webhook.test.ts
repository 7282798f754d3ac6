import { describe, expect, test } from '@jest/globals';
import { AppError } from '../../shared/core/errors.ts';
import { answerUnconfigured, createVapiWebhook } from '../../shared/vapi/webhook.ts';
import {
  CALLER,
  createConversation,
  DIALLED,
  MANAGER,
  NOW,
  OPTIONS,
  phoneCall,
  toolCallsBody,
  withCallRecord,
} from '../support/conversation.ts';
import { toLine } from '../../shared/vapi/reply.ts';
import { signBody } from '../../shared/vapi/sign.ts';
import { assistantReply, LINE_BREAK, readAnswers, toolCallsReply } from '../support/well-formed.ts';

const START = '2026-11-24T14:00:00-06:00';
const APPOINTMENT = {
  appointment_id: 'b1',
  event_id: 'e1',
  subject: 'Property Viewing - 12 Main Street',
  property_address: '12 Main Street',
  start_time: '2026-11-24T14:00:00-06:00',
  end_time: '2026-11-24T14:30:00-06:00',
  formatted_time: 'Tuesday, November 24 at 2 PM',
  web_link: 'https://outlook.example/b1',
};
const BOOKING = { property_address: '12 Main Street', start_time: START, attendee_name: 'Ann' };

describe('the forms of a response', () => {
  test('each tool call is answered in order, under its own id, by one line of JSON', async () => {
    const conversation = createConversation();
    const message = {
      type: 'tool-calls',
      call: phoneCall(),
      toolCallList: [
        { id: 'call_B', name: 'get_availability', arguments: {} },
        { id: 'call_A', name: 'set_appointment', arguments: JSON.stringify(BOOKING) },
        { id: 'call_C', name: 'sing_a_song', arguments: {} },
        { id: 'call_D', name: 'take_message', arguments: '{"message":' },
      ],
    };
    const reply = toolCallsReply.parse(await conversation.send({ message }));
    expect(reply.results.map(({ toolCallId, name }) => [toolCallId, name])).toEqual([
      ['call_B', 'get_availability'],
      ['call_A', 'set_appointment'],
      ['call_C', 'sing_a_song'],
      ['call_D', 'take_message'],
    ]);
    const reasons = readAnswers(reply).map((answer) => ('reason' in answer ? answer.reason : answer.action));
    expect(reasons).toEqual(['present_slots', 'booked', 'unknown_tool', 'unreadable_arguments']);
  });

  test('the flat body gets the object, and the older function-call gets it as one line', async () => {
    const conversation = createConversation();
    const functionCall = { name: 'get_availability', parameters: {} };
    const flat = (await conversation.send({ functionCall })) as { result: unknown };
    expect(flat.result).toMatchObject({ action: 'present_slots' });
    const older = (await conversation.send({
      message: { type: 'function-call', functionCall, call: phoneCall() },
    })) as { result: string };
    expect(JSON.parse(older.result)).toEqual(flat.result);
  });

  test('a caller’s words cannot break the line', async () => {
    const conversation = createConversation();
    const property_address = '12 Main\r\nStreet\u2028<b>\u0085"}],\u0000';
    const reply = await conversation.send(toolCallsBody('set_appointment', { ...BOOKING, property_address }));
    const [answer] = readAnswers(reply);
    expect(answer).toMatchObject({
      action: 'booked',
      response: 'Your viewing of 12 Main Street b is booked for Tuesday, November 24 at 2 PM.',
    });
  });

  test('text from Outlook cannot break the line', () => {
    const appointments = [{ ...APPOINTMENT, subject: 'Viewing\n\u2028\u2029\u0085\u007f' }];
    const line = toLine({ response: 'You have one viewing.', action: 'appointments', appointments });
    expect(line).not.toMatch(LINE_BREAK);
    expect(JSON.parse(line)).toMatchObject({ appointments });
  });

  test('a message that needs no response is acknowledged without any other effect', async () => {
    const reject = (): never => {
      throw new Error('Touched');
    };
    const conversation = createConversation();
    const untouchable = new Proxy(conversation.ports, { get: reject });
    const webhook = createVapiWebhook(untouchable, OPTIONS);
    expect(
      await webhook.answer(JSON.stringify({ message: { type: 'end-of-call-report', call: phoneCall() } })),
    ).toEqual({});
  });

  test('a body that cannot be read is answered in words', async () => {
    const [answer] = readAnswers(await createConversation().send('{"message":'));
    expect(answer).toMatchObject({ action: 'invalid_request' });
  });

  test('a request for a transfer or for knowledge gets a response that VAPI understands as no', async () => {
    const conversation = createConversation();
    expect(await conversation.send({ message: { type: 'transfer-destination-request' } })).toEqual({
      error: "I'm sorry, I can't transfer this call.",
    });
    expect(await conversation.send({ message: { type: 'knowledge-base-request' } })).toEqual({
      documents: [],
    });
    expect(await conversation.send({ message: { type: 'handoff-destination-request' } })).toEqual({
      destination: {},
      error: "I'm sorry, I can't transfer this call.",
    });
    expect(await conversation.send({ message: { type: 'campaign.predial' } })).toEqual({ eligible: false });
  });
});

describe('assistant-request', () => {
  const body = {
    message: { type: 'assistant-request', call: phoneCall(), phoneNumber: { number: DIALLED } },
  };

  test('is answered by the first assistant of the manager who is dialled', async () => {
    expect(assistantReply.parse(await createConversation().send(body))).toEqual({
      assistantId: 'assistant-1',
    });
  });

  test('is answered by a spoken error in the manager’s language if there is no assistant', async () => {
    const conversation = createConversation();
    conversation.managers[0] = {
      userId: MANAGER,
      language: 'es-MX',
      assistantIds: [],
      timeZone: null,
      policies: {},
    };
    expect(assistantReply.parse(await conversation.send(body))).toEqual({
      error: 'Lo siento, esta línea aún no está lista para atender llamadas. Llame más tarde, por favor.',
    });
  });

  test('is answered before its deadline if the tables hang or fail', async () => {
    const { managers } = createConversation().ports;
    const hanging = { ...managers, findByNumber: () => new Promise<never>(() => undefined) };
    const failing = {
      ...managers,
      findByNumber: () => Promise.reject(new AppError('storage_unavailable', 'down')),
    };
    for (const directory of [hanging, failing]) {
      const conversation = createConversation({
        assistantDeadlineMs: 20,
        overrides: { managers: directory },
      });
      expect(assistantReply.parse(await conversation.send(body))).toHaveProperty('error');
    }
  });
});

describe('a repeated tool call', () => {
  test('gets the first result word for word, and changes nothing again', async () => {
    const conversation = createConversation();
    const body = toolCallsBody('set_appointment', BOOKING, { toolCallId: 't1' });
    const first = await conversation.send(body);
    conversation.advance(24 * 60 * 60_000);
    expect(await conversation.send(body)).toEqual(first);
    expect(conversation.bookingServices.calendar(MANAGER).changes).toEqual(['book 12 Main Street']);
  });

  test('counts as new on another call or under another tool’s name', async () => {
    const conversation = createConversation();
    await conversation.call('set_appointment', BOOKING, { toolCallId: 't1' });
    expect(
      await conversation.call('set_appointment', BOOKING, { toolCallId: 't1', callId: 'call-2' }),
    ).toMatchObject({ action: 'conflict' });
    expect(await conversation.call('cancel_appointment', {}, { toolCallId: 't1' })).toMatchObject({
      action: 'cancelled',
    });
  });

  test('runs again if the first result said that it may be repeated', async () => {
    const conversation = createConversation();
    const calendar = conversation.bookingServices.calendar(MANAGER);
    calendar.fault = () => Promise.reject(new AppError('microsoft_throttled', 'busy'));
    const again = { toolCallId: 't1' };
    expect(await conversation.call('set_appointment', BOOKING, again)).toMatchObject({
      action: 'error',
      retryable: true,
    });
    calendar.fault = null;
    expect(await conversation.call('set_appointment', BOOKING, again)).toMatchObject({ action: 'booked' });
  });

  test('runs again if the manager has consented in the meantime', async () => {
    const conversation = createConversation();
    const calendar = conversation.bookingServices.calendar(MANAGER);
    calendar.requireAuth = 'reconnect_required';
    const again = { toolCallId: 't1' };
    expect(await conversation.call('set_appointment', BOOKING, again)).toMatchObject({
      action: 'require_auth',
    });
    calendar.requireAuth = null;
    expect(await conversation.call('set_appointment', BOOKING, again)).toMatchObject({ action: 'booked' });
  });

  test('gets its result even if the result cannot be saved', async () => {
    const saveResult = () => Promise.reject(new AppError('storage_unavailable', 'down'));
    const conversation = createConversation({ overrides: withCallRecord({ saveResult }) });
    expect(await conversation.call('set_appointment', BOOKING)).toMatchObject({ action: 'booked' });
    expect(conversation.logged).toContain('result_not_saved');
  });
});

describe('several calls in one message', () => {
  test('run one after another, in order, if they change something', async () => {
    const conversation = createConversation();
    const calendar = conversation.bookingServices.calendar(MANAGER);
    let running = 0;
    let most = 0;
    calendar.fault = async () => {
      most = Math.max(most, (running += 1));
      await new Promise(setImmediate);
      running -= 1;
    };
    const changes = ['A', 'B', 'C'].map((property_address, index) => ({
      id: `t${index}`,
      name: 'set_appointment',
      arguments: { property_address, start_time: `2026-11-24T1${index}:00:00-06:00` },
    }));
    await conversation.send({ message: { type: 'tool-calls', call: phoneCall(), toolCallList: changes } });
    expect(calendar.changes).toEqual(['book A', 'book B', 'book C']);
    expect(most).toBe(1);
  });

  test('run at the same time if they only read', async () => {
    const conversation = createConversation();
    const calendar = conversation.bookingServices.calendar(MANAGER);
    let release = (): void => undefined;
    const all = new Promise<void>((resolve) => (release = resolve));
    let waiting = 0;
    calendar.fault = () => {
      if ((waiting += 1) === 3) release();
      return all;
    };
    const asks = ['a', 'b', 'c'].map((id) => ({ id, name: 'get_availability', arguments: {} }));
    const reply = await conversation.send({
      message: { type: 'tool-calls', call: phoneCall(), toolCallList: asks },
    });
    expect(readAnswers(reply)).toHaveLength(3);
  });
});

describe('at the deadline', () => {
  test('a change in progress is reported as uncertain, and no other change begins', async () => {
    const conversation = createConversation({ toolDeadlineMs: 30 });
    const calendar = conversation.bookingServices.calendar(MANAGER);
    calendar.fault = (signal) =>
      new Promise((_, reject) => {
        signal.addEventListener('abort', () => {
          reject(signal.reason as Error);
        });
      });
    const toolCallList = ['t1', 't2'].map((id) => ({ id, name: 'set_appointment', arguments: BOOKING }));
    const reply = await conversation.send({
      message: { type: 'tool-calls', call: phoneCall(), toolCallList },
    });
    const expected = {
      action: 'error',
      code: 'deadline_exceeded',
      retryable: true,
      response: "I'm sorry, the calendar is taking too long to answer. I can try again, or take a message.",
    };
    const begun = {
      ...expected,
      code: 'outcome_unknown',
      response: "I'm not sure that went through. Let me check.",
    };
    expect(readAnswers(reply)).toEqual([begun, expected]);
    expect(conversation.bookingServices.opened).toEqual([MANAGER]);
  });

  test('a result that is known by then is given even if it cannot be saved', async () => {
    const saveResult = () => new Promise<never>(() => undefined);
    const conversation = createConversation({
      toolDeadlineMs: 50,
      overrides: withCallRecord({ saveResult }),
    });
    expect(await conversation.call('set_appointment', BOOKING)).toMatchObject({ action: 'booked' });
  });
});

describe('different reasons for having no times', () => {
  test.each([
    ['microsoft_unreachable', true],
    ['microsoft_throttled', true],
    ['microsoft_rejected', false],
    ['storage_unavailable', true],
    ['token_unreadable', false],
    ['internal', false],
  ] as const)('the code %s is spoken as an error, and never as a full calendar', async (code, retryable) => {
    const conversation = createConversation();
    conversation.bookingServices.calendar(MANAGER).fault = () => Promise.reject(new AppError(code, 'x'));
    expect(await conversation.call('get_availability', {})).toMatchObject({
      action: 'error',
      code,
      retryable,
    });
  });

  test.each(['not_connected', 'reconnect_required', 'disconnected'] as const)(
    '%s asks for the manager’s consent, whether it shows on opening or later',
    async (reason) => {
      const conversation = createConversation();
      const calendar = conversation.bookingServices.calendar(MANAGER);
      calendar.requireAuth = reason;
      const first = await conversation.call('get_availability', {});
      expect(first).toMatchObject({ action: 'require_auth', reason });
      calendar.requireAuth = null;
      calendar.fault = () => Promise.reject(new AppError(reason, 'x'));
      expect(await conversation.call('get_availability', {})).toEqual(first);
    },
  );

  test('a full calendar has no availability', async () => {
    const conversation = createConversation();
    conversation.bookingServices.calendar(MANAGER).busy = [{ start: NOW, end: NOW + 90 * 24 * 60 * 60_000 }];
    expect(await conversation.call('get_availability', {})).toMatchObject({ action: 'no_availability' });
  });

  test('a bug is logged as an internal error, and the response does not reveal it', async () => {
    const conversation = createConversation();
    conversation.bookingServices.calendar(MANAGER).fault = () =>
      Promise.reject(new TypeError('secret token abc'));
    const answer = await conversation.call('get_availability', {});
    expect(answer).toMatchObject({ action: 'error', code: 'internal', retryable: false });
    expect(JSON.stringify(answer)).not.toContain('secret');
    expect(conversation.logged).toContain('tool_call_failed');
  });
});

describe('authentication of the webhook', () => {
  test('lets in only a sender with the secret or with a signature of the body', () => {
    const webhook = createVapiWebhook(createConversation().ports, {
      ...OPTIONS,
      secrets: ['s'],
      hmacSecrets: ['h'],
      allowUnauthenticated: false,
    });
    const body = Buffer.from('{}');
    expect(webhook.isAuthentic(new Headers(), body)).toBe(false);
    expect(webhook.isAuthentic(new Headers({ 'x-vapi-secret': 's' }), body)).toBe(true);
    expect(webhook.isAuthentic(new Headers(signBody(body, 'h', NOW)), body)).toBe(true);
    expect(webhook.isAuthentic(new Headers(signBody(body, 'h', NOW - 301_000)), body)).toBe(false);
  });

  test('logs a wrong secret or signature once a minute, and nothing if none is presented', () => {
    const conversation = createConversation();
    const credentials = { ...OPTIONS, secrets: ['s'], hmacSecrets: ['h'], allowUnauthenticated: false };
    const webhook = createVapiWebhook(conversation.ports, credentials);
    const ask = (headers: Record<string, string>): boolean =>
      webhook.isAuthentic(new Headers(headers), Buffer.from('{}'));
    ask({});
    ask({ authorization: 'Bearer s' });
    expect(conversation.logged).toEqual([]);
    ask({ authorization: 'Bearer wrong' });
    ask({ 'x-vapi-signature': 'wrong' });
    expect(conversation.logged).toEqual(['webhook_refused']);
    conversation.advance(60_000);
    ask({ 'x-vapi-signature': 'wrong' });
    expect(conversation.logged).toEqual(['webhook_refused', 'webhook_refused']);
  });
});

test('the caller is identified by the call’s own number, never by a spoken one', async () => {
  const conversation = createConversation();
  await conversation.call('set_appointment', { ...BOOKING, attendee_phone: '+13125550111' });
  await conversation.call(
    'set_appointment',
    { ...BOOKING, start_time: '2026-11-24T15:00:00-06:00', attendee_phone: '312 555 0111' },
    { number: null },
  );
  const numbers = [...conversation.bookingServices.calendar(MANAGER).bookings.values()].map(
    ({ number }) => number,
  );
  expect(numbers).toEqual([CALLER, null]);
});

test('an app that is not configured says so in a sentence, in every form', () => {
  const tools = answerUnconfigured(JSON.stringify(toolCallsBody('get_availability', {})));
  expect(readAnswers(tools)).toMatchObject([{ action: 'error', code: 'misconfigured', retryable: false }]);
  const flat = answerUnconfigured('{"functionCall":{"name":"get_availability"}}');
  expect(readAnswers(flat)).toMatchObject([{ code: 'misconfigured' }]);
  const request = answerUnconfigured('{"message":{"type":"assistant-request"}}');
  expect(assistantReply.parse(request)).toHaveProperty('error');
  expect(answerUnconfigured('{"message":{"type":"hang"}}')).toEqual({});
  expect(readAnswers(answerUnconfigured('{'))).toMatchObject([{ action: 'invalid_request' }]);
});
