import { describe, expect, test } from '@jest/globals';
import { parseWebhook } from '../../shared/vapi/parse.ts';
import type { ServerMessage } from '../../shared/vapi/parse.ts';

function parse(body: unknown): ServerMessage {
  return parseWebhook(JSON.stringify(body));
}
function tools(message: Record<string, unknown>) {
  const parsed = parse({
    message: { type: 'tool-calls', call: { id: 'c1', type: 'inboundPhoneCall' }, ...message },
  });
  if (parsed.kind !== 'tools') throw new Error(`Read as ${parsed.kind}`);
  return parsed.calls;
}
const CALL = { id: 't1', name: 'find_appointments', args: { attendee_name: 'Ann' }, staticUserId: null };
const { args, name, id } = CALL;

describe('a tool call is read from any of the views in which VAPI sends it', () => {
  test.each([
    [
      'toolCallList with arguments as a string',
      { toolCallList: [{ id, type: 'function', function: { name, arguments: JSON.stringify(args) } }] },
    ],
    [
      'toolCallList with arguments as an object',
      { toolCallList: [{ id, type: 'function', function: { name, arguments: args } }] },
    ],
    ['toolCallList, flat, with arguments', { toolCallList: [{ id, name, arguments: args }] }],
    ['toolCallList, flat, with parameters', { toolCallList: [{ id, name, parameters: args }] }],
    [
      'toolCalls as OpenAI writes them',
      { toolCalls: [{ id, type: 'function', function: { name, arguments: JSON.stringify(args) } }] },
    ],
    [
      'toolWithToolCallList with a function inside',
      {
        toolWithToolCallList: [
          { name, toolCall: { id, function: { name, parameters: args } }, server: {}, messages: [] },
        ],
      },
    ],
    [
      'toolWithToolCallList with bare parameters',
      { toolWithToolCallList: [{ name, toolCall: { id, parameters: args } }] },
    ],
    [
      'toolWithToolCallList with the whole tool',
      {
        toolWithToolCallList: [
          {
            type: 'function',
            function: { name, parameters: { type: 'object' } },
            toolCall: { id, type: 'function', function: { name, arguments: JSON.stringify(args) } },
          },
        ],
      },
    ],
  ])('in %s', (_, message) => {
    expect(tools(message)).toEqual([CALL]);
  });

  test('a call that appears in several views is one call, and calls keep the order of the first view', () => {
    const other = { id: 't2', name: 'get_availability', arguments: {} };
    const calls = tools({
      toolCallList: [{ id, name, arguments: args }, other],
      toolCalls: [other, { id, function: { name, arguments: '{}' } }],
      toolWithToolCallList: [
        { name, toolCall: { id, parameters: args } },
        { name: 'x', toolCall: { id: 't3', parameters: {} } },
      ],
    });
    expect(calls.map((call) => call.id)).toEqual(['t1', 't2', 't3']);
    expect(calls[0]).toEqual(CALL);
  });

  test('arguments that are truncated in one view are taken from another', () => {
    const calls = tools({
      toolCallList: [{ id, name, arguments: '{"attendee_name":"A' }],
      toolCalls: [{ id, name, arguments: args }],
    });
    expect(calls).toEqual([CALL]);
  });

  test('calls without ids are those of the first view that has any', () => {
    expect(
      tools({ toolCallList: [{ name, arguments: args }], toolCalls: [{ name, arguments: args }] }),
    ).toHaveLength(1);
  });

  test('an id that is a number goes back as its digits', () => {
    expect(tools({ toolCallList: [{ id: 7, name }] })[0]?.id).toBe('7');
  });

  test('arguments that are no JSON object are read as null, and missing ones as an empty object', () => {
    const argsOf = (given: unknown) => tools({ toolCallList: [{ id, name, arguments: given }] })[0]?.args;
    for (const given of ['[1]', '7', '"text"', 'text', 7]) expect(argsOf(given)).toBeNull();
    for (const given of ['null', null, '', ' ', '{}', '"{}"', '"null"']) expect(argsOf(given)).toEqual({});
    expect(argsOf(JSON.stringify(JSON.stringify(args)))).toEqual(args);
    expect(tools({ toolCallList: [{ id, name }] })[0]?.args).toEqual({});
  });
});

describe('a static user_id', () => {
  const statics = [{ key: 'user_id', value: '+15555550001' }];

  test('is read from the tool that the operator defined', () => {
    const [call] = tools({
      toolWithToolCallList: [{ name, parameters: statics, toolCall: { id, parameters: args } }],
    });
    expect(call?.staticUserId).toBe('+15555550001');
  });

  test.each([
    ['a web call with a saved assistant', { type: 'webCall', assistantId: 'a1' }, '+15555550001'],
    ['a web call whose browser brought the assistant', { type: 'webCall' }, null],
    [
      'a web call whose browser replaced the tools',
      { type: 'webCall', assistantId: 'a1', assistantOverrides: { model: { tools: [] } } },
      null,
    ],
    ['a call of unknown kind without an assistant', {}, null],
  ])('of %s counts only if the operator wrote it', (_, call, expected) => {
    const [read] = tools({
      call: { id: 'c1', ...call },
      toolWithToolCallList: [{ name, parameters: statics, toolCall: { id, parameters: args } }],
    });
    expect(read?.staticUserId).toBe(expected);
  });

  test.each([
    ['in the arguments', { toolCallList: [{ id, name, arguments: { user_id: '+15555550001' } }] }],
    ['in a list that stands for arguments', { toolCallList: [{ id, name, parameters: statics }] }],
    ['inside the tool call', { toolWithToolCallList: [{ name, toolCall: { id, parameters: statics } }] }],
  ])('%s, the user_id is the model’s own', (_, message) => {
    expect(tools(message)[0]?.staticUserId).toBeNull();
  });
});

describe('other bodies', () => {
  test('the flat body and the older function-call hold one call without an id', () => {
    const functionCall = { name, parameters: args };
    const flat = parse({ functionCall });
    expect(flat).toMatchObject({
      kind: 'tools',
      form: 'flat',
      calls: [{ ...CALL, id: null }],
      call: { callId: null },
    });
    const older = parse({ message: { type: 'function-call', functionCall, call: { id: 'c1' } } });
    expect(older).toMatchObject({
      form: 'function-call',
      calls: [{ ...CALL, id: null }],
      call: { callId: 'c1' },
    });
  });

  test.each([
    'status-update',
    'end-of-call-report',
    'hang',
    'conversation-update',
    'transcript',
    'something-new',
  ])('a message of the type %s needs no reply', (type) => {
    expect(parse({ message: { type, call: {} } }).kind).toBe('informational');
  });

  test.each(['', '{', '[]', '7', 'null', '{}', '{"message":7}', '{"message":{}}', '{"functionCall":[]}'])(
    'nothing can be read in %j',
    (body) => {
      expect(parseWebhook(body)).toEqual({ kind: 'unreadable' });
    },
  );
});

describe('the metadata of a call', () => {
  const facts = (call: unknown, rest: Record<string, unknown> = {}) => {
    const parsed = parse({ message: { type: 'assistant-request', call, ...rest } });
    if (parsed.kind !== 'assistant_request') throw new Error(`Read as ${parsed.kind}`);
    return parsed.call;
  };
  const phone = { id: 'c1', type: 'inboundPhoneCall', assistantId: 'a1' };
  const numbers = { customer: { number: '+1 (312) 555-0199' }, phoneNumber: { number: '+13125550100' } };

  test('a phone call has its assistant and both numbers, inside the call object or next to it', () => {
    const told = {
      callId: 'c1',
      assistantId: 'a1',
      callerNumber: '+13125550199',
      lineAddress: '+13125550100',
    };
    expect(facts(phone, numbers)).toMatchObject(told);
    expect(facts({ ...phone, ...numbers })).toMatchObject(told);
  });

  test.each([
    'anonymous',
    'Restricted',
    'sip:ann@example.com',
    '',
    '5550199',
    '+1',
    7,
    '+86282452253',
    '13125550199',
  ])('a caller whose number is %j is nobody', (number) => {
    expect(facts(phone, { customer: { number } }).callerNumber).toBeNull();
  });

  test.each([
    ['a number without its plus', { number: '13125550100' }, '+13125550100'],
    ['a SIP line', { sipUri: 'sip:pete@SIP.vapi.ai' }, 'sip:pete@sip.vapi.ai'],
    ['a number before a SIP address', { number: '+13125550100', sipUri: 'sip:x@y.z' }, '+13125550100'],
    ['nothing that can be read', { number: 'unknown' }, null],
  ])('the line that was called may be %s', (_, phoneNumber, address) => {
    expect(facts(phone, { phoneNumber }).lineAddress).toBe(address);
  });

  test('a web call has only its assistant: the browser can forge everything else', () => {
    const web = {
      id: 'c1',
      type: 'webCall',
      assistantId: 'a1',
      metadata: { user_id: 'x' },
      assistantOverrides: { variableValues: { user_id: 'x' } },
    };
    expect(facts(web, { ...numbers, assistant: { id: 'a2' } })).toEqual({
      callId: 'c1',
      assistantId: 'a1',
      callerNumber: null,
      lineAddress: null,
      metadataUserId: null,
      language: null,
      hasOperatorsTools: true,
    });
  });

  test('metadata and variable values name a manager on a phone call, and on no call of another kind', () => {
    expect(facts({ ...phone, metadata: { user_id: 'ann' } }).metadataUserId).toBe('ann');
    const variables = { assistantOverrides: { variableValues: { user_id: 'ann' } } };
    expect(facts({ ...phone, ...variables }).metadataUserId).toBe('ann');
    expect(facts({ ...phone, ...variables, type: undefined }).metadataUserId).toBeNull();
  });
});
