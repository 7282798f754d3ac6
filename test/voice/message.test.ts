import { describe, expect, jest, test } from '@jest/globals';
import { AppError } from '../../shared/core/errors.ts';
import { createConversation, MANAGER, withCallRecord } from '../support/conversation.ts';
import type { Conversation } from '../support/conversation.ts';

async function said(
  line: Conversation,
  name: string,
  args: Record<string, unknown> = {},
  options = {},
): Promise<string> {
  return (await line.call(name, args, options)).response;
}
const HOUSE = { property_address: '12 Main Street' };

describe('a message', () => {
  const MESSAGE = { message: 'Is a small dog allowed?', name: 'Ann' };

  test('is mailed with the caller’s number and what the call was about, and said back', async () => {
    const line = createConversation();
    await line.call('get_availability', HOUSE);
    expect(await line.call('take_message', { ...MESSAGE, phone: '+13125550111' })).toEqual({
      action: 'message_taken',
      mailed: true,
      response: 'I have sent the manager your message and your number: Is a small dog allowed.',
    });
    expect(line.mailed).toMatchObject([
      {
        text: 'Is a small dog allowed?',
        name: 'Ann',
        callerNumber: '+13125550199',
        givenNumber: null,
        propertyAddress: '12 Main Street',
        offered: [
          'Monday, November 23 at 10:30 AM',
          'Monday, November 23 at 12:30 PM',
          'Tuesday, November 24 at 9 AM',
        ],
      },
    ]);
  });

  test('said twice on a call is one message and one mail; on another call it is another', async () => {
    const line = createConversation();
    const first = await said(line, 'take_message', MESSAGE);
    expect(await said(line, 'take_message', MESSAGE)).toBe(first);
    expect(line.mailed).toHaveLength(1);
    await said(line, 'take_message', MESSAGE, { callId: 'call-2' });
    expect(line.mailed).toHaveLength(2);
  });

  test('sent twice within ten minutes without a call is one message', async () => {
    const line = createConversation();
    const send = () => line.send({ functionCall: { name: 'take_message', parameters: MESSAGE } });
    await send();
    line.advance(599_000);
    await send();
    expect(line.messages).toHaveLength(1);
    line.advance(2_000);
    await send();
    expect(line.messages).toHaveLength(2);
  });

  test.each(['mail_not_configured', 'mail_failed'] as const)(
    'is kept where mail cannot leave (%s), and the line says no more',
    async (code) => {
      const line = createConversation({ mail: () => Promise.reject(new AppError(code, 'no')) });
      expect(await line.call('take_message', MESSAGE, { number: null })).toEqual({
        action: 'message_taken',
        mailed: false,
        response: 'I have kept your message for the manager: Is a small dog allowed.',
      });
      expect(line.messages).toHaveLength(1);
    },
  );

  test('is stored, and said to be, if the mail takes longer than a caller waits', async () => {
    jest.useFakeTimers({ doNotFake: ['performance'] });
    try {
      const line = createConversation({ mail: () => new Promise(() => undefined) });
      const answer = line.call('take_message', MESSAGE);
      await jest.advanceTimersByTimeAsync(4_000);
      expect(await answer).toMatchObject({ action: 'message_taken', mailed: false });
    } finally {
      jest.useRealTimers();
    }
  });

  test('can be left whatever the calendar is like, and whatever the memory of the call', async () => {
    const recall = () => Promise.reject(new AppError('storage_unavailable', 'down'));
    const line = createConversation({ overrides: withCallRecord({ recall }) });
    line.bookingServices.calendar(MANAGER).requireAuth = 'disconnected';
    expect(await line.call('take_message', MESSAGE)).toMatchObject({ action: 'message_taken' });
    expect(line.bookingServices.opened).toEqual([]);
  });

  test('that cannot be stored is not said to be, nor offered again', async () => {
    const take = () => Promise.reject(new AppError('storage_unavailable', 'down'));
    const line = createConversation({ overrides: { messages: { take } } });
    expect(await line.call('take_message', MESSAGE)).toMatchObject({
      action: 'error',
      retryable: true,
      response: "I'm sorry, I couldn't take the message. Please try again in a moment.",
    });
  });

  test('without words is asked for', async () => {
    expect(await createConversation().call('take_message', { name: 'Ann' })).toMatchObject({
      reason: 'missing_message',
    });
  });
});

describe('the link for the manager', () => {
  test.each([
    ['sent', 'link_sent'],
    ['sent_before', 'invalid_request'],
    ['connected', 'invalid_request'],
    ['no_address', 'invalid_request'],
  ] as const)('that ends as %s is answered by %s', async (outcome, action) => {
    const line = createConversation({ overrides: { sendLink: () => Promise.resolve(outcome) } });
    expect(await line.call('send_authorization_link', { email: 'thief@example.com' })).toMatchObject({
      action,
    });
  });

  test('is an error that says so, and no more, if mail is not configured', async () => {
    const sendLink = () => Promise.reject(new AppError('mail_not_configured', 'no'));
    const answer = await createConversation({ overrides: { sendLink } }).call('send_authorization_link', {});
    expect(answer).toMatchObject({
      action: 'error',
      code: 'mail_not_configured',
      response: "I'm sorry, I couldn't send the link.",
    });
  });
});
