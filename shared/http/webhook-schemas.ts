// The webhook's bodies as they are documented. vapi/parse.ts reads a body of any shape, field by field.
import * as z from 'zod';
import { toolResultSchema } from '../voice/tool-result.ts';
import { TOOLS } from '../voice/tools/definitions.ts';
import type { ToolName } from '../voice/tools/definitions.ts';

const toolNames = Object.keys(TOOLS) as [ToolName, ...ToolName[]];

const [first, ...others] = toolNames.map((name) =>
  z
    .object({
      name: z.literal(name),
      parameters: TOOLS[name].schema.meta({ id: name, description: TOOLS[name].description }),
    })
    .meta({ id: `${name}_call` }),
);
const functionCall = z.discriminatedUnion('name', [first as NonNullable<typeof first>, ...others]);

const toolCalls = z.looseObject({
  type: z.literal('tool-calls'),
  call: z.looseObject({ id: z.string(), type: z.string(), assistantId: z.string().optional() }),
  toolCallList: z.array(
    z.looseObject({
      id: z.string(),
      function: z.object({
        name: z.enum(toolNames),
        arguments: z
          .union([z.string(), z.looseObject({})])
          .describe("The tool's parameters, as an object or as JSON"),
      }),
    }),
  ),
});

export const webhookBody = z
  .union([
    z.object({ functionCall }).meta({ title: 'Flat form' }),
    z.object({ message: toolCalls }).meta({ title: 'tool-calls' }),
    z
      .object({ message: z.looseObject({ type: z.string() }) })
      .meta({ title: 'Any other message', description: 'Acknowledged, unless VAPI waits for an answer' }),
  ])
  .meta({ id: 'WebhookBody' });

export const webhookExamples = {
  flat: {
    summary: 'Flat form',
    value: {
      functionCall: {
        name: 'get_availability',
        parameters: { property_address: '12 Main Street', preferred_date: 'next Tuesday' },
      },
    },
  },
  toolCalls: {
    summary: 'tool-calls',
    value: {
      message: {
        type: 'tool-calls',
        call: {
          id: 'a3b1',
          type: 'inboundPhoneCall',
          assistantId: 'f00d',
          customer: { number: '+13125550199' },
        },
        phoneNumber: { number: '+13125550100' },
        toolCallList: [
          {
            id: 'call_1',
            type: 'function',
            function: {
              name: 'set_appointment',
              arguments: {
                property_address: '12 Main Street',
                start_time: '2026-12-01T14:00:00-06:00',
                attendee_name: 'Ann',
              },
            },
          },
        ],
      },
    },
  },
};

export const webhookResponse = z
  .union([
    z.object({ result: toolResultSchema }).describe('To the flat form'),
    z
      .object({
        results: z.array(
          z.object({
            toolCallId: z.string(),
            name: z.string(),
            result: z.string().describe('ToolResult, as one line of JSON'),
          }),
        ),
      })
      .describe('To tool-calls'),
    z.object({ result: z.string() }).describe('To the older function-call: ToolResult, as one line of JSON'),
    z.object({ assistantId: z.string() }).describe('To assistant-request'),
    z
      .object({ error: z.string() })
      .describe('To assistant-request and transfer-destination-request: a line to read aloud'),
    z
      .object({ documents: z.array(z.object({ content: z.string(), similarity: z.number() })) })
      .describe('To knowledge-base-request: the facts of the home that was named last'),
    z
      .object({ destination: z.strictObject({}), error: z.string() })
      .describe('To handoff-destination-request: there is no other assistant'),
    z.object({ eligible: z.boolean() }).describe('To campaign.predial: always false'),
    z.strictObject({}).describe('To messages that need no answer'),
  ])
  .meta({ id: 'WebhookResponse' });
