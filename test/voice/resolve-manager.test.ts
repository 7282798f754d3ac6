import { describe, expect, test } from '@jest/globals';
import type { ToolResult } from '../../shared/voice/tool-result.ts';
import { ASSISTANT, createConversation, DIALLED, MANAGER } from '../support/conversation.ts';
import type { Conversation } from '../support/conversation.ts';
import { readAnswers } from '../support/well-formed.ts';

const OTHER = '+15555550002';
const THIRD = 'third@example.com';

/** Three managers: the first is called by an assistant and a number, the second by an assistant. */
function createOffice(trustToolUserId = false): Conversation {
  const line = createConversation({ trustToolUserId });
  line.managers.push(
    { userId: OTHER, language: null, assistantIds: ['assistant-2'], timeZone: null, policies: {} },
    { userId: THIRD, language: null, assistantIds: [], timeZone: null, policies: {} },
  );
  return line;
}

interface Hints {
  call?: Record<string, unknown>;
  args?: Record<string, unknown>;
  statics?: string;
}

async function ask(line: Conversation, { call, args = {}, statics }: Hints): Promise<ToolResult | undefined> {
  const name = 'get_availability';
  const message = {
    type: 'tool-calls',
    call: { id: 'call-1', type: 'inboundPhoneCall', ...call },
    toolCallList: [{ id: 't1', name, arguments: { user_id: statics, ...args } }],
    ...(statics !== undefined && {
      toolWithToolCallList: [
        {
          name,
          parameters: [{ key: 'user_id', value: statics }],
          toolCall: { id: 't1', function: { name, arguments: args } },
        },
      ],
    }),
  };
  return readAnswers(await line.send({ message }))[0];
}

async function whose(hints: Hints, trust = false): Promise<string | undefined> {
  const line = createOffice(trust);
  const answer = await ask(line, hints);
  return line.bookingServices.opened[0] ?? (answer?.action === 'error' ? answer.code : answer?.action);
}
const dialled = { phoneNumber: { number: DIALLED } };

describe('the call decides whose calendar is used', () => {
  test.each<[string, Hints, string]>([
    ['by its assistant', { call: { assistantId: 'assistant-2' } }, OTHER],
    [
      'by its assistant before the number dialled',
      { call: { assistantId: 'assistant-2', ...dialled } },
      OTHER,
    ],
    ['by the number dialled', { call: dialled }, MANAGER],
    ['by the number, if the assistant is nobody’s', { call: { assistantId: 'nobody', ...dialled } }, MANAGER],
    ['by the tool’s static user_id', { statics: THIRD }, THIRD],
    ['by the static user_id however it is written', { statics: ' 15555550002' }, OTHER],
    ['by the number before the static user_id', { call: dialled, statics: THIRD }, MANAGER],
    ['by metadata on a phone call', { call: { metadata: { user_id: OTHER } } }, OTHER],
    [
      'by variable values on a phone call',
      { call: { assistantOverrides: { variableValues: { user_id: THIRD } } } },
      THIRD,
    ],
    [
      'by metadata, if the static user_id is nobody’s',
      { statics: 'nobody', call: { metadata: { user_id: OTHER } } },
      OTHER,
    ],
  ])('%s', async (_, hints, expected) => {
    expect(await whose(hints)).toBe(expected);
  });

  test.each<[string, Hints]>([
    ['the model’s argument', { args: { user_id: OTHER } }],
    ['metadata of a web call', { call: { type: 'webCall', metadata: { user_id: OTHER } } }],
    [
      'variable values of a web call',
      { call: { type: 'webCall', assistantOverrides: { variableValues: { user_id: OTHER } } } },
    ],
    ['the number a web call says it dialled', { call: { type: 'webCall', ...dialled } }],
    ['nothing', {}],
  ])('but not by %s', async (_, hints) => {
    expect(await whose(hints)).toBe('manager_unknown');
  });

  test('and a trusted argument cannot overrule it', async () => {
    expect(await whose({ call: { assistantId: ASSISTANT }, args: { user_id: OTHER } }, true)).toBe(MANAGER);
  });
});

describe('if the call names nobody', () => {
  test('a trusted argument chooses', async () => {
    expect(await whose({ args: { user_id: '+1 555 555 0002' } }, true)).toBe(OTHER);
  });

  test('a trusted argument that is nobody’s is answered as not connected', async () => {
    expect(await whose({ args: { user_id: 'nobody' } }, true)).toBe('require_auth');
    expect(await whose({ args: { user_id: 'a/b' } }, true)).toBe('require_auth');
  });

  test('the only manager is meant, whatever the model says', async () => {
    const line = createConversation();
    await ask(line, { args: { user_id: OTHER } });
    expect(line.bookingServices.opened).toEqual([MANAGER]);
  });

  test('without any manager nothing is connected, and no message is offered that nobody would get', async () => {
    const line = createConversation();
    line.managers.length = 0;
    expect(await ask(line, {})).toEqual({
      action: 'require_auth',
      reason: 'not_connected',
      response: "No calendar is connected here yet, so I can't arrange viewings.",
    });
  });
});
