// Invariants 7 and 8 over whole bodies. FUZZ_RUNS says how many of each kind; more than a few thousand take minutes.
import { describe, expect, test } from '@jest/globals';
import fc from 'fast-check';
import { TOOLS } from '../../shared/voice/tools/definitions.ts';
import { ASSISTANT, CALLER, createConversation, DIALLED, MANAGER } from '../support/conversation.ts';
import { readAnswers } from '../support/well-formed.ts';

const RUNS = Number(process.env['FUZZ_RUNS'] ?? 1_500);
const OTHER = '+15555550002';

const nasty = fc.constantFrom(
  'Robert"); DROP TABLE viewings;--',
  '<script>alert(1)</script>\u2028\u2029\r\n\u0000',
  '\u202e\ud800 12 Main St\u0085',
  'the second one',
  'tomorrow at two',
  'mañana a las dos y media',
  '2026-11-24T14:00:00-06:00',
  '2026-12-01T10:00',
  '2026-02-30T10:00:00Z',
  '999999999-01-01T00:00:00Z',
  '9999-12-31',
  '9999-12-31T23:59:59-12:00',
  '0000-01-01',
  '0000-01-01T00:00:00+14:00',
  'null',
  '__proto__',
  'a'.repeat(3_000),
  '5 '.repeat(500),
  '🏠'.repeat(200),
  'booking-1',
);
const odd = fc.oneof(
  { maxDepth: 3 },
  nasty,
  fc.string({ unit: 'binary', maxLength: 40 }),
  fc.integer(),
  fc.double(),
  fc.boolean(),
  fc.constant(null),
  fc.constant(OTHER),
  fc.jsonValue({ maxDepth: 3 }),
);
const names = Object.keys(TOOLS);
const argumentNames = [...new Set(Object.values(TOOLS).flatMap(({ schema }) => Object.keys(schema.shape)))];
const toolArguments = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.dictionary(fc.constantFrom(...argumentNames), fc.oneof(nasty, odd), { maxKeys: 6 }),
  },
  { weight: 1, arbitrary: odd },
);
const written = toolArguments.chain((value) =>
  fc.constantFrom(
    value,
    JSON.stringify(value),
    `${JSON.stringify(value)}}`,
    JSON.stringify(JSON.stringify(value)),
    JSON.stringify(JSON.stringify(JSON.stringify(value))),
    'null',
    '"null"',
    null,
  ),
);
const calls = fc.uniqueArray(
  fc.record({
    id: fc.oneof(fc.uuid(), fc.string({ minLength: 1, maxLength: 20 })),
    name: fc.oneof(
      { weight: 9, arbitrary: fc.constantFrom(...names) },
      { weight: 1, arbitrary: fc.string() },
    ),
    args: written,
  }),
  { selector: ({ id }) => id, maxLength: 4 },
);
type Calls = typeof calls extends fc.Arbitrary<infer T> ? T : never;

const VIEWS = {
  toolCallList: (list: Calls) =>
    list.map(({ id, name, args }) => ({ id, type: 'function', function: { name, arguments: args } })),
  toolCalls: (list: Calls) => list.map(({ id, name, args }) => ({ id, name, parameters: args })),
  toolWithToolCallList: (list: Calls, statics: readonly object[]) =>
    list.map(({ id, name, args }) => ({
      name,
      toolCall: { id, function: { name, parameters: args } },
      parameters: statics,
    })),
};
const views = fc.subarray(Object.keys(VIEWS) as (keyof typeof VIEWS)[], { minLength: 1 });

/** What a web call's browser can write, pointing at the other manager. */
const fromTheBrowser = fc.record(
  {
    metadata: fc.constantFrom({ user_id: OTHER }, [], null),
    assistantOverrides: fc.constantFrom({ variableValues: { user_id: OTHER } }, 'x'),
    customer: fc.constantFrom({ number: OTHER }, { number: 'anonymous' }, { number: '+86282452253' }, 7),
    phoneNumber: fc.constantFrom(
      { number: DIALLED },
      { sipUri: 'sip:pete@sip.example.com' },
      { number: '13125550100' },
    ),
  },
  { requiredKeys: [] },
);
const callOf = fc.oneof(
  fc.record({
    kind: fc.constant('named'),
    call: fromTheBrowser.map((rest) => ({ id: 'c', type: 'webCall', assistantId: ASSISTANT, ...rest })),
  }),
  fc.record({
    kind: fc.constant('named'),
    call: fc.constant({
      id: 'c',
      type: 'inboundPhoneCall',
      phoneNumber: { number: DIALLED },
      customer: { number: CALLER },
    }),
  }),
  fc.record({
    kind: fc.constant('nobody'),
    call: fromTheBrowser.map((rest) => ({ id: 'c', type: 'webCall', ...rest })),
  }),
  fc.record({ kind: fc.constant('nobody'), call: fc.constant({ id: 'c', type: 'inboundPhoneCall' }) }),
  fc.record({ kind: fc.constant('nobody'), call: odd.filter((value) => typeof value !== 'object') }),
);

/** A conversation with two managers, so that a wrong one could be chosen. */
function createCrossedConversation() {
  const conversation = createConversation();
  conversation.managers.push({
    userId: OTHER,
    language: 'es',
    assistantIds: ['assistant-2'],
    timeZone: null,
    policies: {},
  });
  return conversation;
}

describe(`in ${RUNS} hostile bodies of each kind`, () => {
  test('every call of a tool-calls message is answered in order, for the manager of the call or for nobody', async () => {
    await fc.assert(
      fc.asyncProperty(
        calls,
        views,
        callOf,
        fc.dictionary(fc.string(), odd, { maxKeys: 3 }),
        async (list, shown, { kind, call }, extra) => {
          const conversation = createCrossedConversation();
          // A browser may bring tools of its own; those of a phone call are the operator's.
          const isPhone = typeof call === 'object' && 'type' in call && call.type === 'inboundPhoneCall';
          const statics = isPhone ? [] : [{ key: 'user_id', value: OTHER }];
          const message = {
            ...extra,
            type: 'tool-calls',
            call,
            ...Object.fromEntries(shown.map((view) => [view, VIEWS[view](list, statics)])),
          };
          const reply = (await conversation.send({ message })) as { results: { toolCallId: string }[] };
          expect(reply.results.map(({ toolCallId }) => toolCallId)).toEqual(list.map(({ id }) => id));
          readAnswers(reply);
          const opened = new Set(conversation.bookingServices.opened);
          opened.delete(MANAGER);
          expect([...opened]).toEqual([]);
          if (kind === 'nobody') expect(conversation.bookingServices.opened).toEqual([]);
          expect(conversation.logged).not.toContain('tool_call_failed');
        },
      ),
      { numRuns: RUNS },
    );
  }, 3_600_000);

  test('the flat body and the older function-call are answered well-formed', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...names, 'x'),
        toolArguments,
        callOf,
        fc.boolean(),
        async (name, parameters, { call }, isFlat) => {
          const conversation = createCrossedConversation();
          const functionCall = { name, parameters };
          const reply = await conversation.send(
            isFlat ? { functionCall } : { message: { type: 'function-call', call, functionCall } },
          );
          expect(readAnswers(reply)).toHaveLength(1);
          expect(conversation.bookingServices.opened).not.toContain(OTHER);
          expect(conversation.logged).not.toContain('tool_call_failed');
        },
      ),
      { numRuns: RUNS },
    );
  }, 3_600_000);

  test('anything else is answered well-formed too', async () => {
    const anyMessage = fc.record(
      {
        type: fc.oneof(
          fc.constantFrom(
            'tool-calls',
            'function-call',
            'assistant-request',
            'transfer-destination-request',
            'handoff-destination-request',
            'campaign.predial',
            'knowledge-base-request',
            'status-update',
            'hang',
          ),
          odd,
        ),
        call: odd,
        functionCall: odd,
        toolCallList: fc.oneof(odd, fc.array(odd)),
        toolCalls: fc.oneof(
          odd,
          fc.array(fc.record({ id: odd, name: odd, function: odd, parameters: odd }, { requiredKeys: [] })),
        ),
        toolWithToolCallList: fc.oneof(
          odd,
          fc.array(fc.record({ name: odd, toolCall: odd, parameters: odd }, { requiredKeys: [] })),
        ),
        phoneNumber: odd,
        customer: odd,
        assistant: odd,
      },
      { requiredKeys: [] },
    );
    const body = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.json(),
      fc.record({ message: anyMessage }).map((value) => JSON.stringify(value)),
      fc.record({ functionCall: odd }).map((value) => JSON.stringify(value)),
      fc.nat(50_000).map((depth) => '['.repeat(depth) + ']'.repeat(depth)),
      fc
        .nat(5_000)
        .map(
          (depth) =>
            `{"message":{"type":"tool-calls","toolCalls":[{"id":"x","name":"take_message","parameters":${'{"a":'.repeat(depth)}1${'}'.repeat(depth)}}]}}`,
        ),
    );
    await fc.assert(
      fc.asyncProperty(body, async (text) => {
        const conversation = createCrossedConversation();
        readAnswers(await conversation.send(text));
        expect(conversation.bookingServices.opened).toEqual([]);
        expect(conversation.logged).not.toContain('tool_call_failed');
      }),
      { numRuns: RUNS },
    );
  }, 3_600_000);
});
