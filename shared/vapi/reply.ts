// Hazard: VAPI drops a result that is no string or has a line break in it, and the caller hears silence.
import type { ToolCall } from '../voice/call.ts';
import type { ToolResult } from '../voice/tool-result.ts';
import type { Form } from './parse.ts';

/** What goes back over HTTP. No string in it has a line break. */
export type ReplyBody =
  | { readonly results: readonly { toolCallId: string; name: string; result: string }[] }
  | { readonly result: string }
  | { readonly result: ToolResult }
  | { readonly assistantId: string }
  | { readonly error: string }
  | { readonly destination: Readonly<Record<string, never>>; readonly error: string }
  | { readonly documents: readonly { readonly content: string; readonly similarity: number }[] }
  | { readonly eligible: boolean }
  | Readonly<Record<string, never>>;

/** One line of JSON. */
export function toLine(result: ToolResult): string {
  return escapeBreaks(JSON.stringify(result));
}

/** JSON leaves these characters as they are, and they break a line for those who read one. */
function escapeBreaks(json: string): string {
  return json.replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * The results of one message's tool calls, in the form in which they were asked for.
 * @param results one for each call, in order.
 * @see https://docs.vapi.ai/tools/custom-tools
 */
export function replyToCalls(
  form: Form,
  calls: readonly ToolCall[],
  results: readonly ToolResult[],
): ReplyBody {
  if (form === 'tool-calls') {
    return {
      results: results.map((result, index) => ({
        toolCallId: calls[index]?.id ?? '',
        name: calls[index]?.name ?? '',
        result: toLine(result),
      })),
    };
  }
  const [result] = results;
  if (result === undefined) return {};
  return form === 'function-call' ? { result: toLine(result) } : { result };
}
