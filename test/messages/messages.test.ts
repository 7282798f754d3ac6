// What callers leave: a few mails a call, the rest in one digest.
import { randomUUID } from 'node:crypto';
import { expect, test } from '@jest/globals';
import '../../functions/manager-messages.ts';
import '../../functions/sweep.ts';
import '../../functions/vapi-webhook.ts';
import { DAY, HOUR, KEY, MINUTE, useTestApp } from '../support/test-app.ts';

const USER = '+15555551234';
const PATH = `/managers/${encodeURIComponent(USER)}`;
const PETE = 'pete@lakeviewrentals.example';

const app = useTestApp({ TRUST_TOOL_USER_ID: 'true' });

async function leave(message: string, callId: string | null): Promise<Record<string, unknown>> {
  const args = { message, user_id: USER };
  if (callId === null) {
    const { body } = await app.post('/vapi/webhook', {
      functionCall: { name: 'take_message', parameters: args },
    });
    return body['result'] as Record<string, unknown>;
  }
  const { body } = await app.post('/vapi/webhook', {
    message: {
      type: 'tool-calls',
      call: { id: callId, type: 'inboundPhoneCall', customer: { number: '+13125550199' } },
      toolCallList: [{ id: randomUUID(), function: { name: 'take_message', arguments: args } }],
    },
  });
  const [answer] = body['results'] as { result: string }[];
  return JSON.parse(answer?.result ?? '') as Record<string, unknown>;
}
async function connect(): Promise<void> {
  await app.connect(await app.startLink(USER), PETE);
}
async function listed(): Promise<Record<string, unknown>[]> {
  return (await app.json(`${PATH}/messages`)).body['messages'] as Record<string, unknown>[];
}
function subjects(): string[] {
  return app.mailbox.messages().map(({ subject }) => subject);
}

test('One call sends three mails; the rest come in one digest ten minutes after its last message', async () => {
  await connect();
  for (let n = 1; n <= 6; n++) {
    expect(await leave(`number ${n}`, 'call-1')).toMatchObject({ mailed: n <= 3 });
    app.clock.now += MINUTE;
  }
  expect(subjects()).toEqual(Array(3).fill('A caller left you a message'));
  app.clock.now += 8 * MINUTE;
  await app.runTimer('sweep');
  expect(subjects()).toHaveLength(3);

  app.clock.now += 2 * MINUTE;
  await app.runTimer('sweep');
  expect(subjects().at(-1)).toBe('A caller left you more messages');
  const digest = app.mailbox.messages().at(-1);
  for (const n of [4, 5, 6]) expect(digest?.text).toContain(`> number ${n}`);
  expect(digest?.text).not.toContain('number 3');
  expect((await listed()).map(({ mailed }) => mailed)).toEqual(Array(6).fill(true));

  app.clock.now += HOUR;
  await app.runTimer('sweep');
  expect(subjects()).toHaveLength(4);
});

test('Another call has three mails of its own', async () => {
  await connect();
  for (let n = 1; n <= 4; n++) await leave(`number ${n}`, 'call-1');
  expect(await leave('number 1', 'call-2')).toMatchObject({ mailed: true });
  expect(subjects()).toHaveLength(4);
});

test('Requests without a call are counted together by the hour', async () => {
  await connect();
  for (let n = 1; n <= 5; n++) await leave(`number ${n}`, null);
  expect(subjects()).toHaveLength(3);
  app.clock.now += HOUR;
  await leave('number 6', null);
  expect(subjects()).toHaveLength(4);
});

test('A message whose mail fails is mailed by the sweep, once mail works again', async () => {
  await connect();
  app.mailbox.refuse(true);
  expect(await leave('please call back', 'call-1')).toMatchObject({ mailed: false });
  app.clock.now += 11 * MINUTE;
  await app.runTimer('sweep');
  app.mailbox.refuse(false);
  app.clock.now += 5 * MINUTE;
  await app.runTimer('sweep');
  expect(app.mailbox.messages().at(-1)?.text).toContain('please call back');
  expect(await listed()).toMatchObject([{ mailed: true }]);
});

test('A message whose key was removed is listed as unreadable', async () => {
  await connect();
  await leave('before the rotation', 'call-1');
  const rotated = app.servicesWith({ TOKEN_ENCRYPTION_KEYS: `two:${KEY(2)}` });
  expect(await rotated.messages.list(USER, 10, app.signal())).toMatchObject([{ unreadable: true }]);
});

test('The daily run encrypts everything again, so that an old key can be removed', async () => {
  await connect();
  await leave('before the rotation', 'call-1');
  const both = app.servicesWith({ TOKEN_ENCRYPTION_KEYS: `two:${KEY(2)},one:${KEY(1)}` });
  expect(await both.runDaily()).toMatchObject({ unreadable: 0 });
  const rotated = app.servicesWith({ TOKEN_ENCRYPTION_KEYS: `two:${KEY(2)}` });
  expect(await rotated.messages.list(USER, 10, app.signal())).toMatchObject([
    { text: 'before the rotation' },
  ]);
  const access = await rotated.connections.access(USER, app.signal());
  expect(access.ok && (await access.accessToken())).toMatch(/^EwSandbox/);
  expect(await both.runDaily()).toMatchObject({ reencrypted: 0, unreadable: 0 });
});

test('Messages are deleted with their manager', async () => {
  await connect();
  await leave('my alarm code is 1234', 'call-1');
  expect((await app.request(PATH, { method: 'DELETE' })).status).toBe(204);
  expect((await app.json(`${PATH}/messages`)).status).toBe(404);
  // Nor do they come back with a manager of the same id.
  await connect();
  expect(await listed()).toEqual([]);
});

test('Messages are deleted after 180 days', async () => {
  await connect();
  await leave('old', 'call-1');
  app.clock.now += 179 * DAY;
  await leave('new', 'call-2');
  await app.services.runDaily();
  expect(await listed()).toHaveLength(2);
  app.clock.now += 2 * DAY;
  await app.services.runDaily();
  expect((await listed()).map(({ message }) => message)).toEqual(['new']);
});
