// What a conversation relies on in the stored memory of a call: held by the one on tables and by the one in memory alike.
import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import type { CallRecord, OpenCallRecord } from '../../shared/voice/call-memory.ts';
import type { ToolResult } from '../../shared/voice/tool-result.ts';

const NOW = Date.parse('2026-11-23T15:30:00Z');
const MANAGER = '+15555550001';
const OTHER = '+15555550002';
const { signal } = new AbortController();
const offered = [{ start: NOW, text: 'Monday, November 23 at 9:30 AM', spoken: true }];
const listed = [{ bookingId: 'b1', start: NOW, propertyAddress: '12 Main Street' }];

function result(response: string): ToolResult {
  return { response, action: 'link_sent' };
}

/** Declares the tests. Every test uses calls of its own. @param createRecords gives the records of all calls */
export function itKeepsTheCallRecordContract(createRecords: () => OpenCallRecord): void {
  /** Opens one call as each request does: anew. */
  function openCall(): (userId?: string) => CallRecord {
    const [records, callId] = [createRecords(), randomUUID()];
    return (userId = MANAGER) => records(userId, callId, signal);
  }

  test('a call of which nothing is remembered is empty', async () => {
    const open = openCall();
    expect(await open().recall()).toEqual({});
    await open().remember({}, NOW);
    expect(await open().recall()).toEqual({});
  });

  test('a later request of the call recalls what was remembered, and a change leaves the other entries alone', async () => {
    const open = openCall();
    await open().remember({ offered, propertyAddress: '12 Main Street' }, NOW);
    await open().remember({ listed }, NOW);
    await open().remember({ offered: [] }, NOW);
    expect(await open().recall()).toEqual({ offered: [], listed, propertyAddress: '12 Main Street' });
  });

  test('what is remembered of one call and manager is not recalled for another', async () => {
    const records = createRecords();
    const [call, another] = [randomUUID(), randomUUID()];
    await records(MANAGER, call, signal).remember({ offered }, NOW);
    await records(MANAGER, call, signal).saveResult('tool-1', result('Hello'), NOW);
    for (const record of [records(OTHER, call, signal), records(MANAGER, another, signal)]) {
      expect(await record.recall()).toEqual({});
      expect(await record.findResult('tool-1')).toBeNull();
    }
  });

  test('what is remembered stays as it was when it was given, whatever becomes of the object', async () => {
    const open = openCall();
    const slots = structuredClone(offered);
    await open().remember({ offered: slots }, NOW);
    slots.pop();
    const recalled = await open().recall();
    expect(recalled).toEqual({ offered });
    recalled.offered?.pop();
    expect(await open().recall()).toEqual({ offered });
  });

  test('what is remembered comes back without what its entry does not name', async () => {
    const open = openCall();
    const found = {
      bookingId: 'b1',
      start: NOW,
      propertyAddress: '12 Main Street',
      webLink: 'https://x.example',
    };
    await open().remember({ listed: [found] }, NOW);
    expect(await open().recall()).toEqual({ listed });
  });

  test('a tool call keeps its first result, and a later one is ignored', async () => {
    const open = openCall();
    const first = result('Sí, "12 Main Street" 🏠');
    expect(await open().findResult('tool-1')).toBeNull();
    await open().saveResult('tool-1', first, NOW);
    await open().saveResult('tool-1', result('Another'), NOW);
    expect(await open().findResult('tool-1')).toEqual(first);
    expect(await open().findResult('tool-2')).toBeNull();
  });

  test('what is to be remembered of a result is kept with the first result, and ignored with a later one', async () => {
    const open = openCall();
    await open().remember({ propertyAddress: '12 Main Street' }, NOW);
    await open().saveResult('tool-1', result('Hello'), NOW, { offered, listed });
    await open().saveResult('tool-1', result('Hello'), NOW, { offered: [] });
    expect(await open().recall()).toEqual({ propertyAddress: '12 Main Street', offered, listed });
    expect(await open().findResult('tool-1')).toEqual(result('Hello'));
  });

  test('a result is found whatever characters and length the ids have', async () => {
    const id = `/\\#?\u0000${'x'.repeat(2_000)}${randomUUID()}`;
    const records = createRecords();
    await records(id, id, signal).saveResult(id, result('Hello'), NOW);
    expect(await records(id, id, signal).findResult(id)).toEqual(result('Hello'));
  });

  test('neither the memory nor the results of a call are taken for the other', async () => {
    const open = openCall();
    await open().saveResult('offered', result('Hello'), NOW);
    expect(await open().recall()).toEqual({});
    await open().remember({ offered }, NOW);
    expect(await open().findResult('offered')).toEqual(result('Hello'));
  });
}
