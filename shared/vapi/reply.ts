// Hazard: VAPI drops a result that is no string or has a line break in it, and the caller hears silence.
import type { Answer } from '../voice/tool-result.ts';
import type { Form, ToolCall } from './parse.ts';

/** What goes back over HTTP; JSON without a line break in any string. */
export type ReplyBody =
  | { readonly results: readonly { toolCallId: string; name: string; result: string }[] }
  | { readonly result: string }
  | { readonly result: Answer }
  | { readonly assistantId: string }
  | { readonly error: string }
  | { readonly documents: readonly [] }
  | Readonly<Record<string, never>>;

/** One line of JSON. */
export function toLine(answer: Answer): string {
  return escapeBreaks(JSON.stringify(answer));
}

/** JSON leaves these as they are, and they break a line for those who read one. */
function escapeBreaks(json: string): string {
  return json.replace(
    /[\u007f-\u009f\u2028\u2029]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  );
}

/**
 * The answers to the calls of one message, in the form in which they were asked.
 * @param lines one for each call, in order, as `toLine` writes them.
 * @see https://docs.vapi.ai/tools/custom-tools
 */
export function replyToCalls(form: Form, calls: readonly ToolCall[], lines: readonly string[]): ReplyBody {
  if (form === 'tool-calls') {
    const results = calls.map(({ id, name }, index) => ({
      toolCallId: id ?? '',
      name,
      result: lines[index] ?? '',
    }));
    return { results };
  }
  const [line = ''] = lines;
  if (form === 'function-call') return { result: line };
  return { result: JSON.parse(line) as Answer };
}
