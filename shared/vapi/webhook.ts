import { withDeadline } from '../core/deadline.ts';
import { MINUTE_MS } from '../core/duration.ts';
import type { Call, ToolCall } from '../voice/call.ts';
import { findFacts } from '../voice/find-facts.ts';
import { findAssistant } from '../voice/find-assistant.ts';
import type { VoicePorts } from '../voice/ports.ts';
import { runToolCalls } from '../voice/run-tool-calls.ts';
import type { ToolCallOptions } from '../voice/run-tool-calls.ts';
import { chooseLanguage } from '../voice/speech/dates.ts';
import { LINES } from '../voice/speech/lines.ts';
import { invalid } from '../voice/tool-context.ts';
import { isFromVapi, presentedCredential } from './authenticate.ts';
import type { WebhookCredentials } from './authenticate.ts';
import { parseWebhook } from './parse.ts';
import type { Form, OtherMessage } from './parse.ts';
import { replyToCalls } from './reply.ts';
import type { ReplyBody } from './reply.ts';

/** What the webhook is set up with. */
export interface WebhookOptions extends WebhookCredentials, ToolCallOptions {
  /** Milliseconds. Default 7,500: with the way here and back, the answer takes up to 8 seconds. */
  readonly toolDeadlineMs?: number;
  /** Milliseconds. Default 4,500, of 5 seconds. VAPI itself waits 7.5. */
  readonly assistantDeadlineMs?: number;
}

/**
 * Answers server messages of VAPI. It always answers; only authentication fails.
 * @see https://docs.vapi.ai/server-url/events
 */
export interface VapiWebhook {
  /** Whether a request comes from VAPI. @param body the bytes as they came: they may be signed. */
  isAuthentic(headers: { get(name: string): string | null }, body: Uint8Array): boolean;
  /** Answers a server message. Never rejects. @param body JSON, or anything else. */
  answer(body: string): Promise<ReplyBody>;
}

/** A wrong secret at VAPI refuses every call. One line a minute tells of it, however many requests strangers send. */
const REFUSAL_EVERY_MS = MINUTE_MS;

/** VAPI's server messages: parse, run the tools before the deadline, and reply in VAPI's shape. */
export function createVapiWebhook(ports: VoicePorts, options: WebhookOptions): VapiWebhook {
  const { toolDeadlineMs = 7_500, assistantDeadlineMs = 4_500 } = options;
  let refusalLoggedAt = -Infinity;

  /** Whoever presents nothing is no VAPI with a wrong secret. */
  function logRefusal(headers: { get(name: string): string | null }): void {
    const presented = presentedCredential(headers);
    if (presented === null || ports.now() - refusalLoggedAt < REFUSAL_EVERY_MS) return;
    refusalLoggedAt = ports.now();
    ports.log.warn('webhook_refused', { presented });
  }

  async function answerAssistantRequest(call: Call): Promise<ReplyBody> {
    try {
      const choice = await withDeadline(assistantDeadlineMs, (deadline) =>
        deadline.within(findAssistant(ports, call, deadline.signal)),
      );
      return choice.ok ? { assistantId: choice.assistantId } : { error: choice.response };
    } catch (error) {
      ports.log.error('assistant_request_failed', {}, error);
      return { error: LINES[chooseLanguage(call.language)].outOfOrder() };
    }
  }

  /** Without facts the model goes on by itself: a fault is no reason for silence. */
  async function answerKnowledgeRequest(call: Call): Promise<ReplyBody> {
    try {
      const facts = await withDeadline(assistantDeadlineMs, (deadline) =>
        deadline.within(findFacts(ports, options, call, deadline.signal)),
      );
      return { documents: facts.map((content) => ({ content, similarity: 1 })) };
    } catch (error) {
      ports.log.error('knowledge_request_failed', {}, error);
      return { documents: [] };
    }
  }

  async function answerToolCalls(form: Form, calls: readonly ToolCall[], call: Call): Promise<ReplyBody> {
    const results = await withDeadline(toolDeadlineMs, (deadline) =>
      runToolCalls(ports, options, call, calls, deadline),
    );
    return replyToCalls(form, calls, results);
  }

  return {
    isAuthentic(headers, body) {
      const isAuthentic = isFromVapi(options, headers, body, ports.now());
      if (!isAuthentic) logRefusal(headers);
      return isAuthentic;
    },
    async answer(body) {
      const message = parseWebhook(body);
      switch (message.kind) {
        case 'tools':
          return answerToolCalls(message.form, message.calls, message.call);
        case 'assistant_request':
          return answerAssistantRequest(message.call);
        case 'knowledge_request':
          return answerKnowledgeRequest(message.call);
        default:
          return answerOther(message.kind);
      }
    },
  };
}

/** What an app with bad settings answers: VAPI hears in words that the line is not set up. */
export function answerUnconfigured(body: string): ReplyBody {
  const message = parseWebhook(body);
  if (message.kind === 'knowledge_request') return { documents: [] };
  if (message.kind !== 'tools' && message.kind !== 'assistant_request') return answerOther(message.kind);
  const response = LINES[chooseLanguage(message.call.language)].notSetUp();
  if (message.kind === 'assistant_request') return { error: response };
  return replyToCalls(
    message.form,
    message.calls,
    message.calls.map(() => ({ response, action: 'error', code: 'misconfigured', retryable: false })),
  );
}

/** Messages that need no manager and no calendar. */
function answerOther(kind: OtherMessage): ReplyBody {
  switch (kind) {
    case 'informational':
      return {};
    case 'transfer_request':
      return { error: LINES.en.noTransfer() };
    case 'handoff_request':
      // VAPI's schema requires a destination; an empty one means that there is no handoff.
      return { destination: {}, error: LINES.en.noTransfer() };
    case 'predial_request':
      // Nothing here knows whether a contact of a campaign may be called.
      return { eligible: false };
    case 'unreadable':
      return { result: invalid('unreadable_body', LINES.en.notUnderstood()) };
  }
}
