// What VAPI takes, held to the types of its SDK by the compiler (the SDK has no serializers to check with at run time).
import type { Vapi } from '@vapi-ai/server-sdk';
import { z } from 'zod';
import { toolResultSchema } from '../../shared/voice/tool-result.ts';
import type { ToolResult } from '../../shared/voice/tool-result.ts';
import { countWords, MAX_WORDS } from '../../shared/voice/speech/speakable.ts';

/** Everything that ends a line for someone. */
export const LINE_BREAK = /[\n\r\v\f\u0085\u2028\u2029]/;

export const toolCallsReply = z.strictObject({
  results: z.array(
    z.strictObject({
      toolCallId: z.string(),
      name: z.string(),
      result: z
        .string()
        .min(1)
        .refine((line) => !LINE_BREAK.test(line), 'has a line break'),
    }),
  ),
}) satisfies z.ZodType<Vapi.ServerMessageResponseToolCalls>;

export const assistantReply = z.union([
  z.strictObject({ assistantId: z.string().min(1) }),
  z.strictObject({
    error: z
      .string()
      .min(1)
      .refine((line) => !LINE_BREAK.test(line)),
  }),
]) satisfies z.ZodType<Vapi.ServerMessageResponseAssistantRequest>;

const reply = z.union([
  toolCallsReply,
  z.strictObject({ result: z.string().refine((line) => !LINE_BREAK.test(line)) }),
  z.strictObject({ result: z.looseObject({ action: z.string() }) }),
  assistantReply,
  z.strictObject({
    documents: z.array(z.strictObject({ content: z.string().min(1), similarity: z.number() })),
  }),
  z.strictObject({ destination: z.strictObject({}), error: z.string().min(1) }),
  z.strictObject({ eligible: z.boolean() }),
  z.strictObject({}),
]);

/** The answers that a reply carries, each checked; throws where anything about them is not as it must be. */
export function readAnswers(body: unknown): ToolResult[] {
  const parsed = reply.parse(body);
  if ('results' in parsed) return parsed.results.map(({ result }) => readAnswer(JSON.parse(result)));
  if (!('result' in parsed)) return [];
  return [readAnswer(typeof parsed.result === 'string' ? JSON.parse(parsed.result) : parsed.result)];
}

function readAnswer(value: unknown): ToolResult {
  const answer = strictAnswer.parse(value);
  const { response } = answer;
  if (LINE_BREAK.test(response) || response.trim() === '') throw new Error('Not one line to read aloud');
  if (/[<>{}[\]*_`|\\]|\p{Cc}|\p{Cf}/u.test(response))
    throw new Error(`Markup in a spoken line: ${response}`);
  if (countWords(response) > MAX_WORDS) throw new Error(`More than ${MAX_WORDS} words: ${response}`);
  return answer;
}

/** The schema of the answers, with nothing beside it. */
const strictAnswer = z.discriminatedUnion(
  'action',
  toolResultSchema.options.map((option) =>
    z.strictObject(option.shape),
  ) as unknown as typeof toolResultSchema.options,
);
