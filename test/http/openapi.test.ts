import { describe, expect, test } from '@jest/globals';
import Ajv2020 from 'ajv/dist/2020.js';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { registry } from '../../sandbox/functions-core.ts';
import { brotliDecompressSync } from 'node:zlib';
import { describeApi } from '../../scripts/api-markdown.ts';
import { openApiDocument } from '../../shared/http/openapi/document.ts';
import { webhookExamples } from '../../shared/http/webhook-schemas.ts';
import { viewerPage } from '../../shared/http/openapi/viewer-page.ts';
import { createConversation, phoneCall, toolCallsBody } from '../support/conversation.ts';

const document = JSON.parse(JSON.stringify(openApiDocument())) as {
  openapi: string;
  paths: Record<string, Record<string, { security?: unknown[]; responses: Record<string, unknown> }>>;
  components: { schemas: Record<string, object> };
};
const ajv = new Ajv2020({ strict: false, validateFormats: false });
ajv.addSchema(document, 'api');
function validatorOf(name: string) {
  const validate = ajv.getSchema(`api#/components/schemas/${name}`);
  if (!validate) throw new Error(`No schema ${name}`);
  return (value: unknown): unknown => (validate(value) ? [] : validate.errors);
}

describe('the document', () => {
  test('has exactly the routes and methods that exist', async () => {
    for (const name of readdirSync('functions').filter((file) => file.endsWith('.ts'))) {
      await import(join(process.cwd(), 'functions', name));
    }
    const routes = [...registry.functions.values()].flatMap(({ metadata }) =>
      Object.values(metadata.bindings)
        .filter(({ type }) => type === 'httpTrigger')
        .flatMap(({ route = '', methods = [], authLevel }) =>
          methods
            .filter((method) => method !== 'HEAD')
            .map((method) => `${method.toLowerCase()} /${route} ${authLevel ?? ''}`),
        ),
    );
    const documented = Object.entries(document.paths).flatMap(([path, operations]) =>
      Object.entries(operations).map(([method, { security }]) => {
        const asksForKey = JSON.stringify(security ?? []).includes('functionKey');
        return `${method} ${path} ${asksForKey ? 'function' : 'anonymous'}`;
      }),
    );
    expect(documented.sort()).toEqual(routes.sort());
  });

  test('is OpenAPI 3.1 whose references all lead somewhere', () => {
    expect(document.openapi).toBe('3.1.0');
    const references = JSON.stringify(document).match(/"#\/components\/schemas\/[^"]+"/g) ?? [];
    for (const reference of new Set(references)) {
      expect(document.components.schemas).toHaveProperty([reference.slice(22, -1)]);
    }
    expect(references.length).toBeGreaterThan(20);
  });

  test('matches docs/api.md', () => {
    const words = (text: string): string => text.replace(/\\|-{3,}|\s+/g, ' ').replace(/ +/g, ' ');
    expect(words(readFileSync('docs/api.md', 'utf8')).trim()).toBe(
      words(describeApi(openApiDocument())).trim(),
    );
  });
});

describe("the document's description of the webhook", () => {
  const isBody = validatorOf('WebhookBody');
  const isAnswer = validatorOf('WebhookResponse');
  const isToolResult = validatorOf('ToolResult');

  test('matches its own examples', () => {
    for (const { value } of Object.values(webhookExamples)) expect(isBody(value)).toEqual([]);
  });

  test("matches the webhook's responses, for every tool and every form", async () => {
    const conversation = createConversation();
    const house = { property_address: '12 Main Street' };
    const seen = new Set<string>();
    const ask = async (name: string, args: Record<string, unknown>, options = {}): Promise<void> => {
      const body = toolCallsBody(name, args, options);
      expect(isBody(body)).toEqual([]);
      const answer = await conversation.send(body);
      expect(isAnswer(answer)).toEqual([]);
      const { result } = (answer as { results: { result: string }[] }).results[0] ?? { result: '' };
      const parsed = JSON.parse(result) as { action: string };
      expect(isToolResult(parsed)).toEqual([]);
      seen.add(parsed.action);
    };
    await ask('get_availability', house);
    await ask('set_appointment', { ...house, start_time: 'the second one', attendee_name: 'Ann' });
    await ask('set_appointment', { ...house, start_time: 'today at 12:30 PM' });
    await ask('find_appointments', {});
    await ask('reschedule_appointment', { new_start_time: 'tomorrow at 3 PM' });
    await ask('cancel_appointment', {});
    await ask('take_message', { message: 'Hello' });
    await ask('send_authorization_link', {});
    await ask('set_appointment', { ...house, start_time: 'tomorrow at 3 AM' });
    const calendar = conversation.bookingServices.calendar('+15555550001');
    calendar.busy = [{ start: 0, end: 4e12 }];
    await ask('get_availability', {});
    calendar.requireAuth = 'disconnected';
    await ask('get_availability', {});
    calendar.fault = () => Promise.reject(new Error('x'));
    await ask('get_availability', {});
    expect([...seen].sort()).toEqual([
      'appointments',
      'booked',
      'cancelled',
      'conflict',
      'error',
      'invalid_request',
      'link_sent',
      'message_taken',
      'no_availability',
      'present_slots',
      'require_auth',
      'rescheduled',
    ]);
    const flat = { functionCall: { name: 'get_availability', parameters: {} } };
    expect(isBody(flat)).toEqual([]);
    expect(isAnswer(await conversation.send(flat))).toEqual([]);
    for (const type of [
      'assistant-request',
      'transfer-destination-request',
      'knowledge-base-request',
      'hang',
    ]) {
      expect(isAnswer(await conversation.send({ message: { type, call: phoneCall() } }))).toEqual([]);
    }
  });

  test('does not match arbitrary responses', () => {
    expect(isToolResult({ action: 'booked', response: 'x' })).not.toEqual([]);
    expect(isBody({ functionCall: { name: 'sing' } })).not.toEqual([]);
  });
});

describe('GET /docs', () => {
  const get = async (encoding: string) => {
    const { bytes, headers } = await viewerPage(encoding);
    return { body: Buffer.from(bytes), headers: new Headers(headers) };
  };

  test('is one page that fetches the document and nothing else', async () => {
    const plain = await get('gzip');
    expect(plain.headers.get('content-encoding')).toBeNull();
    const html = plain.body.toString('utf8');
    expect(html).toContain("Redoc.init('/openapi.json'");
    const markup = html.replace(/<script>.*?<\/script>/gs, '');
    expect(markup).toContain('<div id="viewer"></div>');
    expect(markup).not.toMatch(/<script|(src|href)="(?!data:)/);
    const policy = plain.headers.get('content-security-policy');
    expect(policy).toMatch(/^default-src 'none'; script-src 'sha256-\S+' 'sha256-\S+'; /);
    expect(policy).not.toMatch(/script-src[^;]*unsafe/);
  });

  test('is compressed if the client accepts Brotli, and unpacked once for the others', async () => {
    const packed = await get('gzip, deflate, br');
    expect(packed.headers.get('content-encoding')).toBe('br');
    const [first, second] = [await viewerPage(''), await viewerPage('br;q=0')];
    expect(brotliDecompressSync(packed.body)).toEqual(first.bytes);
    expect(second.bytes).toBe(first.bytes);
    expect(packed.body.length).toBeLessThan(400_000);
  });
});
