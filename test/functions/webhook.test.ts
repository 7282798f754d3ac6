// The webhook behind its host, over HTTP: real tables, real mail, and nobody's calendar yet.
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, jest, test } from '@jest/globals';
import '../../functions/manager-messages.ts';
import '../../functions/vapi-webhook.ts';
import { readConfig } from '../../shared/config.ts';
import { createApp } from '../../shared/app.ts';
import { useApp } from '../../shared/running-app.ts';
import { signBody } from '../../shared/vapi/sign.ts';
import { createTestApp, START } from '../support/test-app.ts';
import type { TestApp } from '../support/test-app.ts';
import { CALLER, DIALLED, phoneCall, toolCallsBody } from '../support/conversation.ts';
import { assistantReply, readAnswers } from '../support/well-formed.ts';

const PETE = '+15555551234';
const BERTA = 'berta';
let app: TestApp;

async function putManager(userId: string, body: Record<string, unknown>): Promise<void> {
  const path = `/managers/${encodeURIComponent(userId)}`;
  const response = await app.request(path, { method: 'PUT', body: JSON.stringify(body) });
  expect([200, 201]).toContain(response.status);
}

beforeAll(async () => {
  app = await createTestApp();
  await putManager(PETE, {
    name: 'Pete Sampson',
    notify_email: 'pete@lakeviewrentals.example',
    assistant_ids: ['assistant-1'],
    phone_numbers: [DIALLED],
  });
  await putManager(BERTA, { name: 'Berta', language: 'es', assistant_ids: ['assistant-2'] });
});
afterAll(() => app.close());

function post(body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return app.request('/vapi/webhook', {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: typeof body === 'string' ? body : JSON.stringify(body),
  });
}
async function ask(body: unknown) {
  const response = await post(body);
  expect(response.status).toBe(200);
  expect(response.headers.get('content-type')).toMatch(/^application\/json/);
  return readAnswers(await response.json());
}

describe('a message for the manager', () => {
  const body = toolCallsBody(
    'take_message',
    { message: 'Is a small dog allowed?', name: 'Ann' },
    { toolCallId: 't1' },
  );

  test('is mailed, stored for the operator, and taken once however often VAPI repeats it', async () => {
    const before = app.mailbox.messages().length;
    const [first] = await ask(body);
    expect(first).toEqual({
      action: 'message_taken',
      mailed: true,
      response: 'I have sent the manager your message and your number: Is a small dog allowed.',
    });
    expect(await ask(body)).toEqual([first]);
    expect(
      app.mailbox
        .messages()
        .slice(before)
        .flatMap(({ recipients }) => recipients),
    ).toEqual(['pete@lakeviewrentals.example']);
    expect(app.mailbox.messages().at(-1)?.text).toContain('Is a small dog allowed?');
    expect(app.mailbox.messages().at(-1)?.text).toContain(CALLER);

    expect(await app.json(`/managers/${encodeURIComponent(PETE)}/messages`)).toEqual({
      status: 200,
      body: {
        messages: [
          {
            message: 'Is a small dog allowed?',
            name: 'Ann',
            phone: CALLER,
            is_callers_number: true,
            property_address: null,
            offered: [],
            received_at: new Date(START).toISOString(),
            mailed: true,
          },
        ],
      },
    });
  });

  test('is only stored if there is no address, and the caller hears so', async () => {
    const message = {
      type: 'function-call',
      call: { id: 'c9', type: 'webCall', assistantId: 'assistant-2' },
      functionCall: { name: 'take_message', parameters: { message: '¿Hay garaje?', phone: '+13125550111' } },
    };
    expect(await ask({ message })).toEqual([
      {
        action: 'message_taken',
        mailed: false,
        response: 'He guardado su mensaje y su número para el administrador: ¿Hay garaje.',
      },
    ]);
    expect(await app.json(`/managers/${BERTA}/messages`)).toMatchObject({
      body: { messages: [{ phone: '+13125550111', is_callers_number: false, mailed: false }] },
    });
  });

  test('cannot be listed for an unknown manager, nor for an invalid user id', async () => {
    expect(await app.json('/managers/nobody/messages')).toMatchObject({
      status: 404,
      body: { error: { code: 'not_found' } },
    });
    expect((await app.request('/managers/a%3Fb/messages')).status).toBe(400);
  });
});

test('a manager who is not connected gets the link to the address on file, once an hour', async () => {
  expect(await ask(toolCallsBody('get_availability', {}))).toMatchObject([
    { action: 'require_auth', reason: 'not_connected' },
  ]);
  expect(await ask(toolCallsBody('send_authorization_link', { email: 'thief@example.com' }))).toMatchObject([
    { action: 'link_sent' },
  ]);
  expect(app.mailbox.messages().at(-1)?.recipients).toEqual(['pete@lakeviewrentals.example']);
  expect(await ask(toolCallsBody('send_authorization_link', {}))).toMatchObject([{ reason: 'sent_before' }]);
});

test('the dialled number’s assistant answers its calls', async () => {
  const call = phoneCall();
  const request = (number: string) => ({
    message: { type: 'assistant-request', call, phoneNumber: { number } },
  });
  const answer = async (number: string) => assistantReply.parse(await (await post(request(number))).json());
  expect(await answer(DIALLED)).toEqual({ assistantId: 'assistant-1' });
  expect(await answer('+13125550777')).toHaveProperty('error');
});

test('the model cannot choose the calendar', async () => {
  const functionCall = { name: 'get_availability', parameters: { user_id: PETE } };
  expect(await ask({ functionCall })).toMatchObject([{ action: 'error', code: 'manager_unknown' }]);
  useApp(app.servicesWith({ TRUST_TOOL_USER_ID: 'true' }));
  expect(await ask({ functionCall })).toMatchObject([{ action: 'require_auth' }]);
  useApp(app.services);
});

describe('a request to the webhook', () => {
  beforeEach(() => {
    useApp(
      app.servicesWith({
        ALLOW_UNAUTHENTICATED_WEBHOOK: 'false',
        VAPI_WEBHOOK_SECRET: 'old-secret,new-secret',
        VAPI_HMAC_SECRET: 'signing-key',
      }),
    );
  });
  afterEach(() => {
    useApp(app.services);
  });
  const hang = JSON.stringify({ message: { type: 'hang' } });

  test.each<[string, Record<string, string>, number]>([
    ['without a secret is refused', {}, 401],
    ['with a wrong secret is refused', { authorization: 'Bearer nope' }, 401],
    ['with the old secret is answered', { authorization: 'Bearer old-secret' }, 200],
    ['with the new secret is answered', { 'x-vapi-secret': 'new-secret' }, 200],
    ['with a signature is answered', signBody(hang, 'signing-key', START), 200],
    ['with a signature that is too old is refused', signBody(hang, 'signing-key', START - 301_000), 401],
  ])('%s', async (_, headers, status) => {
    const response = await post(hang, headers);
    expect(response.status).toBe(status);
    expect(await response.json()).toEqual(
      status === 200 ? {} : { error: { code: 'unauthorized', message: expect.any(String) } },
    );
  });
});

describe('a body in chunks, without its length', () => {
  /** Posts chunks of 64 KiB after a beginning. */
  const postChunks = (beginning: string, count: number): Promise<Response> => {
    let sent = 0;
    const body = new ReadableStream<Uint8Array>({
      pull(controller) {
        if (sent === 0) controller.enqueue(Buffer.from(beginning));
        else if (sent <= count) controller.enqueue(Buffer.alloc(64 * 1024, ' '));
        else controller.close();
        sent += 1;
      },
    });
    const init: RequestInit & { duplex: 'half' } = { method: 'POST', body, duplex: 'half' };
    return app.request('/vapi/webhook', init);
  };

  test('is answered like any other', async () => {
    const response = await postChunks('{"message":{"type":"end-of-call-report"}}', 3);
    expect([response.status, await response.json()]).toEqual([200, {}]);
  });

  test('is refused when it passes 4 MiB', async () => {
    const response = await postChunks('{', 70);
    expect(response.status).toBe(413);
    expect(await response.json()).toMatchObject({ error: { code: 'payload_too_large' } });
  });
});

test('a body over 4 MiB gets 413, another method gets 404, and a body that is not JSON gets a sentence', async () => {
  const large = await post(' '.repeat(4 * 1024 * 1024 + 1));
  expect(large.status).toBe(413);
  expect(await large.json()).toMatchObject({ error: { code: 'payload_too_large' } });
  expect((await app.request('/vapi/webhook')).status).toBe(404);
  expect(await ask('{"message":')).toMatchObject([{ action: 'invalid_request' }]);
});

test('the caller hears an explanation and VAPI gets 200 if the tables are unreachable', async () => {
  const result = readConfig({
    MICROSOFT_CLIENT_ID: 'x',
    MICROSOFT_REDIRECT_URI: 'https://x.example/calendar/auth/callback',
    TOKEN_ENCRYPTION_KEYS: `a:${Buffer.alloc(32).toString('base64')}`,
    ALLOW_UNAUTHENTICATED_WEBHOOK: 'true',
    AzureWebJobsStorage:
      'DefaultEndpointsProtocol=http;AccountName=devstoreaccount1;AccountKey=AAAA;TableEndpoint=http://127.0.0.1:9/devstoreaccount1;',
  });
  if (!result.ok) throw new Error('bad settings');
  useApp(createApp(result.config, { now: () => START, log: app.services.log }));
  expect(await ask(toolCallsBody('get_availability', {}))).toMatchObject([
    { action: 'error', code: 'storage_unavailable', retryable: true },
  ]);
  useApp(app.services);
});

test('an app with bad settings answers VAPI in a sentence', async () => {
  const kept = { ...process.env };
  const error = jest.spyOn(console, 'error').mockImplementation(() => undefined);
  process.env = {};
  useApp(undefined);
  try {
    expect(await ask(toolCallsBody('get_availability', {}))).toMatchObject([
      { action: 'error', code: 'misconfigured' },
    ]);
  } finally {
    process.env = kept;
    error.mockRestore();
    useApp(app.services);
  }
});

test('no content of a call is in the log', () => {
  expect(JSON.stringify(app.log.lines)).not.toMatch(/dog|garaje|Ann|5550199|5550111|lakeview/);
  expect(app.log.lines).toContainEqual(
    expect.objectContaining({
      event: 'webhook_answered',
      fields: expect.objectContaining({ tool: 'take_message', action: 'message_taken' }),
    }),
  );
});
