// A voice agent on the line, over HTTP: whatever it sends and hears is held to VAPI's forms and to the OpenAPI document.
import { randomUUID } from 'node:crypto';
import { expect } from '@jest/globals';
import Ajv2020 from 'ajv/dist/2020.js';
import '../../functions/manager-messages.ts';
import '../../functions/sweep.ts';
import '../../functions/vapi-webhook.ts';
import { openApiDocument } from '../../shared/http/openapi/document.ts';
import type { ToolResult } from '../../shared/voice/tool-result.ts';
import type { TestApp } from './test-app.ts';
import { readAnswers } from './well-formed.ts';

export const PETE = 'pete@lakeviewrentals.example';
export const BERTA = 'berta@spreewohnen.example';
export const KAVYA = 'kavya@lakeviewrentals.example';
export const HOUSE = '12 Harbor Lane';

const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema(JSON.parse(JSON.stringify(openApiDocument())) as object, 'api');

/** Fails where the value is not as the document says. */
function expectDocumented(name: 'WebhookBody' | 'WebhookResponse' | 'ToolResult', value: unknown): void {
  const validate = ajv.getSchema(`api#/components/schemas/${name}`);
  if (!validate) throw new Error(`No schema ${name}`);
  void validate(value);
  expect(validate.errors).toBeNull();
}

type Arguments = Record<string, unknown>;
type Action = ToolResult['action'];
export type ResultOf<A extends Action> = Extract<ToolResult, { action: A }>;

/** The answer, which has to be of this kind. */
export function expectAction<A extends Action>(answer: ToolResult, action: A): ResultOf<A> {
  if (answer.action !== action) throw new Error(`Not ${action}: ${JSON.stringify(answer)}`);
  return answer as ResultOf<A>;
}

/** Posts one body to the webhook. */
export async function send(app: TestApp, body: unknown): Promise<ToolResult[]> {
  expectDocumented('WebhookBody', body);
  const response = await app.request('/vapi/webhook', {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  const reply: unknown = await response.json();
  expectDocumented('WebhookResponse', reply);
  const answers = readAnswers(reply);
  for (const answer of answers) expectDocumented('ToolResult', answer);
  return answers;
}

async function sendOne(app: TestApp, body: unknown): Promise<ToolResult> {
  const [answer, ...others] = await send(app, body);
  if (!answer || others.length > 0) throw new Error('Not one answer');
  return answer;
}

/** The manager's whole way from the operator's link to a calendar that answers. */
export async function connectManager(app: TestApp, person: string, settings: Record<string, unknown> = {}) {
  const userId = `manager-${randomUUID()}`;
  const assistantId = `assistant-${userId}`;
  const path = `/managers/${userId}`;
  const put = async (more: Record<string, unknown>): Promise<void> => {
    const body = JSON.stringify({ name: 'A manager', assistant_ids: [assistantId], ...more });
    const response = await app.request(path, { method: 'PUT', body });
    expect([200, 201]).toContain(response.status);
  };
  await put(settings);
  const connected = await app.connect(await app.startLink(userId, person), person);
  expect(await connected.json()).toMatchObject({ status: 'success', calendar_email: person });
  expect(await app.status(userId)).toMatchObject({ status: 'connected', authorized: true });

  return {
    userId,
    person,
    put,
    /** One call to the manager's assistant. @param number the caller's; null where it is withheld */
    phone: (number: string | null = '+13125550188') => {
      const callId = randomUUID();
      const body = (name: string, args: Arguments, id: string = randomUUID()) => ({
        message: {
          type: 'tool-calls',
          call: {
            id: callId,
            type: 'inboundPhoneCall',
            assistantId,
            ...(number !== null && { customer: { number } }),
          },
          toolCallList: [{ id, type: 'function', function: { name, arguments: args } }],
        },
      });
      const ask = (name: string, args: Arguments = {}, id?: string): Promise<ToolResult> =>
        sendOne(app, body(name, args, id));
      return { body, ask };
    },
    /** The plan's own form, which tells no call. */
    askFlat: (name: string, parameters: Arguments = {}): Promise<ToolResult> =>
      sendOne(app, { functionCall: { name, parameters: { user_id: userId, ...parameters } } }),
    events: () => app.microsoft.events(person),
  };
}

export type CalledManager = Awaited<ReturnType<typeof connectManager>>;

/** When the only event of a manager stands, in UTC. */
export function onlyEvent(manager: CalledManager) {
  const [event, ...others] = manager.events();
  if (!event || others.length > 0 || event.when.isAllDay) throw new Error('Not one event with a time');
  const { start, end } = event.when;
  return { event, from: new Date(start).toISOString(), to: new Date(end).toISOString() };
}

/** Requests to Graph that went over the wire: what travels inside of a batch is not one. */
export function roundTrips(app: Pick<TestApp, 'microsoft'>): string[] {
  return app.microsoft
    .requests()
    .filter(({ path, inBatch }) => path.startsWith('/v1.0/') && !inBatch)
    .map(({ method, path, status }) => `${method} ${path} ${status}`);
}
