// What a conversation relies on in a store of messages: held by the one on tables and by the one in memory alike.
import { expect, test } from '@jest/globals';
import { isReadable } from '../../shared/messages/message.ts';
import type { CallerMessage } from '../../shared/messages/message.ts';
import type { MessageStore } from '../../shared/messages/store.ts';

const NOW = Date.parse('2026-11-23T15:30:00Z');
const MINUTE = 60_000;
const USER = '+15555550001';
const { signal } = new AbortController();

function message(id: string, afterMinutes = 0): CallerMessage {
  return {
    id,
    text: `Message ${id}`,
    name: 'Ann',
    callerNumber: '+13125550199',
    givenNumber: null,
    propertyAddress: null,
    offered: [],
    receivedAt: NOW + afterMinutes * MINUTE,
  };
}

/** @param createStore makes a store that is empty for `+15555550001` */
export function itKeepsTheMessageStoreContract(createStore: () => MessageStore): void {
  test('a repeat of a message gets the first one, with its number in the call', async () => {
    const store = createStore();
    const options = { callKey: 'call-1', repeatWithinMs: null };
    const first = await store.save(USER, message('one'), options, signal);
    expect(first).toEqual({ message: { ...message('one'), mailed: false }, number: 1 });
    expect(await store.save(USER, message('two', 1), options, signal)).toMatchObject({ number: 2 });
    expect(await store.save(USER, message('one', 2), options, signal)).toEqual(first);
  });

  test('a message with the same id is another one after the given time', async () => {
    const store = createStore();
    const options = { callKey: 'flat', repeatWithinMs: 10 * MINUTE };
    await store.save(USER, message('one'), options, signal);
    await store.save(USER, message('one', 9), options, signal);
    expect(await store.list(USER, 10, signal)).toHaveLength(1);
    await store.save(USER, message('one', 10), options, signal);
    expect(await store.list(USER, 10, signal)).toHaveLength(2);
  });

  test('messages are listed newest first, and say whether they were mailed', async () => {
    const store = createStore();
    const options = { callKey: 'call-1', repeatWithinMs: null };
    const first = await store.save(USER, message('one'), options, signal);
    await store.save(USER, message('two', 1), options, signal);
    await store.markMailed(USER, [first.message], signal);
    const listed = await store.list(USER, 10, signal);
    expect(listed.filter(isReadable).map(({ id, mailed }) => [id, mailed])).toEqual([
      ['two', false],
      ['one', true],
    ]);
    expect(await store.list(USER, 1, signal)).toHaveLength(1);
  });

  test('a message is deleted alone, and can be saved again', async () => {
    const store = createStore();
    const options = { callKey: 'call-1', repeatWithinMs: null };
    await store.save(USER, message('one'), options, signal);
    const second = await store.save(USER, message('two', 1), options, signal);
    await store.deleteOne(USER, second, options.callKey, signal);
    expect((await store.list(USER, 10, signal)).filter(isReadable).map(({ id }) => id)).toEqual(['one']);
    await store.save(USER, message('two', 2), options, signal);
    expect(await store.list(USER, 10, signal)).toHaveLength(2);
  });
}
