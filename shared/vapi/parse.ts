// Hazard: nothing here has the shape it claims. VAPI's shapes differ by version, the arguments hold a caller's words,
// and a web call's browser writes part of the call: read what is needed, field by field, and never throw.
import * as z from 'zod';
import { hashText } from '../core/hash.ts';
import type { Call, ToolCall } from '../voice/call.ts';
import { readCall } from './read-call.ts';

/** How the tools were called, which is how they must be answered. */
export type Form = 'tool-calls' | 'function-call' | 'flat';

/** A server message, as far as it concerns us. */
export type ServerMessage =
  | {
      readonly kind: 'tools';
      readonly form: Form;
      readonly calls: readonly ToolCall[];
      readonly call: Call;
    }
  | { readonly kind: 'assistant_request'; readonly call: Call }
  | { readonly kind: 'knowledge_request'; readonly call: Call }
  | { readonly kind: OtherMessage };

/** Messages that are answered without looking at anything. */
export type OtherMessage =
  'transfer_request' | 'handoff_request' | 'predial_request' | 'informational' | 'unreadable';

const UNREADABLE = { kind: 'unreadable' } as const;

/**
 * Reads the body of a server message. Never throws.
 * @see https://docs.vapi.ai/server-url/events
 */
export function parseWebhook(body: string): ServerMessage {
  const root = parseJson(body);
  if (!isRecord(root)) return UNREADABLE;
  if (isRecord(root.message)) return readMessage(root.message);
  if (isRecord(root.functionCall)) {
    return {
      kind: 'tools',
      form: 'flat',
      calls: [readFunctionCall(root.functionCall)],
      call: readCall({}),
    };
  }
  return UNREADABLE;
}

function readMessage(message: Record<string, unknown>): ServerMessage {
  const call = readCall(message);
  switch (message.type) {
    case 'tool-calls':
      return {
        kind: 'tools',
        form: 'tool-calls',
        calls: readToolCalls(message, call.hasOperatorsTools),
        call,
      };
    case 'function-call': {
      const read = readFunctionCall(isRecord(message.functionCall) ? message.functionCall : {});
      const calls = [{ ...read, id: idOfMessage(message) }];
      return { kind: 'tools', form: 'function-call', calls, call };
    }
    case 'assistant-request':
      return { kind: 'assistant_request', call };
    case 'transfer-destination-request':
      return { kind: 'transfer_request' };
    case 'handoff-destination-request':
      return { kind: 'handoff_request' };
    case 'knowledge-base-request':
      return { kind: 'knowledge_request', call };
    case 'campaign.predial':
    case 'campaign-predial':
      return { kind: 'predial_request' };
    default:
      return typeof message.type === 'string' ? { kind: 'informational' } : UNREADABLE;
  }
}

function readFunctionCall(value: Record<string, unknown>): ToolCall {
  const { name, parameters, arguments: args } = value;
  return {
    id: null,
    name: typeof name === 'string' ? name : '',
    args: readArguments(parameters ?? args),
    staticUserId: null,
  };
}

/**
 * What tells a message that is sent again from another one with the same words, in a form without an id of the tool call: the
 * moment of the message and what it asks for. Null if it tells no moment.
 */
function idOfMessage({ timestamp, functionCall }: Record<string, unknown>): string | null {
  return typeof timestamp === 'number' ? hashText(String(timestamp), JSON.stringify(functionCall)) : null;
}

/** The views of the same calls that a message may hold, merged: each call once, in the order of the first view. */
function readToolCalls(message: Record<string, unknown>, hasOperatorsTools: boolean): ToolCall[] {
  const merged = new Map<string, ToolCall>();
  let sawCallsWithoutId = false;
  for (const view of [message.toolCallList, message.toolCalls, message.toolWithToolCallList]) {
    if (!Array.isArray(view)) continue;
    const calls = view.filter(isRecord).map(readViewItem);
    for (const call of calls) {
      // Without ids nothing tells which calls of two views are the same: only those of the first view are taken.
      if (call.id === null && sawCallsWithoutId) continue;
      const key = call.id ?? `\0${merged.size}`;
      const known = merged.get(key);
      merged.set(key, known ? mergeViews(known, call) : call);
    }
    sawCallsWithoutId ||= calls.some(({ id }) => id === null);
  }
  const calls = [...merged.values()];
  return hasOperatorsTools ? calls : calls.map((call) => ({ ...call, staticUserId: null }));
}

function mergeViews(first: ToolCall, second: ToolCall): ToolCall {
  return {
    id: first.id,
    name: first.name || second.name,
    args: first.args ?? second.args,
    staticUserId: first.staticUserId ?? second.staticUserId,
  };
}

const identifier = z
  .union([z.string(), z.number().transform(String)])
  .optional()
  .catch(undefined);
const text = z.string().optional().catch(undefined);
const functionView = z
  .object({ name: text, arguments: z.unknown().optional(), parameters: z.unknown().optional() })
  .optional()
  .catch(undefined);
const callView = z.object({
  id: identifier,
  name: text,
  function: functionView,
  arguments: z.unknown().optional(),
  parameters: z.unknown().optional(),
});
const viewItem = callView.extend({ toolCall: callView.optional().catch(undefined) });
const staticParameter = z.object({ key: z.string(), value: z.unknown().optional() });

function readViewItem(value: Record<string, unknown>): ToolCall {
  const item = viewItem.parse(value);
  // Beside `toolCall` is the tool as the operator defined it: its `parameters` are the static ones, not arguments.
  const call = item.toolCall ?? item;
  const args = call.function?.arguments ?? call.function?.parameters ?? call.arguments ?? call.parameters;
  return {
    id: call.id ?? null,
    name: call.function?.name ?? call.name ?? item.name ?? item.function?.name ?? '',
    args: readArguments(args),
    staticUserId: item.toolCall ? readStaticUserId(item.parameters) : null,
  };
}

function readStaticUserId(parameters: unknown): string | null {
  if (!Array.isArray(parameters)) return null;
  for (const parameter of parameters) {
    const { success, data } = staticParameter.safeParse(parameter);
    if (success && data.key === 'user_id' && typeof data.value === 'string' && data.value !== '')
      return data.value;
  }
  return null;
}

/** JSON may be encoded twice, and `null` means no arguments, also as text. */
function readArguments(value: unknown): Record<string, unknown> | null {
  let parsed = value;
  for (let depth = 0; depth < 2 && typeof parsed === 'string' && parsed.trim() !== ''; depth += 1) {
    parsed = parseJson(parsed);
  }
  if (parsed === null || parsed === '' || value === undefined) return {};
  if (typeof parsed === 'string' && parsed.trim() === '') return {};
  return isRecord(parsed) ? parsed : null;
}

function parseJson(json: string): unknown {
  try {
    return JSON.parse(json);
  } catch {
    return undefined;
  }
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
