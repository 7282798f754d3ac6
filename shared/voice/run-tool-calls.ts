// Hazard: the caller waits on the line. Whatever is slow or broken behind this, an answer goes out before the deadline.
import { isAppError } from '../core/errors.ts';
import type { Answer } from './tool-result.ts';
import type { CallFacts } from '../vapi/call-facts.ts';
import { invalid, requireAuth } from './tool-context.ts';
import type { Conversation } from './tool-context.ts';
import { deadlineExceeded, withDeadline } from '../core/deadline.ts';
import type { Deadline } from '../core/deadline.ts';
import { parseWebhook } from '../vapi/parse.ts';
import type { Form, ToolCall, WebhookMessage } from '../vapi/parse.ts';
import type { VapiPorts } from './ports.ts';
import { replyToCalls, toLine } from '../vapi/reply.ts';
import type { ReplyBody } from '../vapi/reply.ts';
import { chooseLanguage } from './speech/dates.ts';
import { LINES } from './speech/lines.ts';
import { CHANGING, isToolName } from './tools/definitions.ts';
import type { ToolName } from './tools/definitions.ts';
import { answerFault, runTool } from './tools/run-tool.ts';
import { findWhoseCalendar } from './resolve-manager.ts';

export interface WebhookOptions {
  /** Whether a tool's own `user_id` argument may choose the calendar where the call names none. */
  readonly trustToolUserId: boolean;
  /** Milliseconds. Default 7,500: with what comes before and after, 8 seconds. */
  readonly toolDeadlineMs?: number;
  /** Milliseconds. Default 4,500, of 5 seconds; VAPI itself waits 7.5. */
  readonly assistantDeadlineMs?: number;
}

/** Answers the body of a server message. Never throws. */
export type AnswerWebhook = (body: string) => Promise<ReplyBody>;

export function createWebhook(ports: VapiPorts, options: WebhookOptions): AnswerWebhook {
  const { toolDeadlineMs = 7_500, assistantDeadlineMs = 4_500 } = options;

  return async (body) => {
    const message = parseWebhook(body);
    switch (message.kind) {
      case 'assistant_request':
        return withDeadline(assistantDeadlineMs, (deadline) =>
          answerAssistantRequest(message.call, deadline),
        );
      case 'tools':
        return withDeadline(toolDeadlineMs, (deadline) =>
          answerTools(message.form, message.calls, message.call, deadline),
        );
      default:
        return answerPlainly(message.kind);
    }
  };

  async function answerAssistantRequest(call: CallFacts, deadline: Deadline): Promise<ReplyBody> {
    const lines = LINES[chooseLanguage(call.language)];
    if (call.dialledNumber === null) return { error: lines.notSetUp() };
    try {
      const manager = await deadline.within(ports.managers.findByNumber(call.dialledNumber, deadline.signal));
      const [assistantId] = manager?.assistantIds ?? [];
      if (assistantId !== undefined) return { assistantId };
      return { error: LINES[chooseLanguage(manager?.language ?? null)].notSetUp() };
    } catch (error) {
      ports.log.error('assistant_request_failed', {}, error);
      return { error: lines.outOfOrder() };
    }
  }

  async function answerTools(
    form: Form,
    calls: readonly ToolCall[],
    call: CallFacts,
    deadline: Deadline,
  ): Promise<ReplyBody> {
    // Calls that change something wait for each other, in the order they were triggered; the others run at once.
    let changes: Promise<unknown> = Promise.resolve();
    const answers = calls.map((toolCall) => {
      if (!isToolName(toolCall.name) || !CHANGING.has(toolCall.name)) {
        return answerCall(toolCall, call, deadline);
      }
      const answer = changes.then(() => answerCall(toolCall, call, deadline));
      changes = answer;
      return answer;
    });
    return replyToCalls(form, calls, await Promise.all(answers));
  }

  /** One line of JSON. Never rejects. */
  async function answerCall(toolCall: ToolCall, call: CallFacts, deadline: Deadline): Promise<string> {
    const startedAt = performance.now();
    const name = isToolName(toolCall.name) ? toolCall.name : null;
    let language = chooseLanguage(call.language);
    // What is known by the deadline is answered, though its last writes may still be under way.
    let answer: Answer | undefined;
    let line: string;
    try {
      if (deadline.signal.aborted) throw deadlineExceeded();
      const progress: Progress = {
        setLanguage: (tag) => (language = chooseLanguage(call.language, tag)),
        setAnswer: (known) => (answer = known),
      };
      line = await deadline.within(carryOut(name, toolCall, call, deadline.signal, progress));
    } catch (error) {
      if (!answer) {
        ports.log.error('tool_call_failed', { tool: name, call: call.callId }, error);
        answer = answerFault(error, LINES[language], name);
      }
      line = toLine(answer);
    }
    const ms = Math.round(performance.now() - startedAt);
    const code = answer?.action === 'error' ? answer.code : undefined;
    const action = answer?.action ?? 'repeated';
    const tool = name ?? 'unknown';
    ports.log.info('webhook_answered', { tool, call: call.callId, action, code, ms });
    ports.watch?.toolCall({ tool, callId: call.callId, outcome: action });
    return line;
  }

  async function carryOut(
    name: ToolName | null,
    toolCall: ToolCall,
    call: CallFacts,
    signal: AbortSignal,
    progress: Progress,
  ): Promise<string> {
    const known = (answer: Answer): string => {
      progress.setAnswer(answer);
      return toLine(answer);
    };
    const unnamed = LINES[chooseLanguage(call.language)];
    if (name === null) return known(invalid('unknown_tool', unnamed.cannotDo()));
    const whose = await findWhoseCalendar(ports.managers, call, readHints(toolCall), signal);
    if (whose.kind === 'unknown') return known(managerUnknown(unnamed.managerUnknown()));
    if (whose.kind === 'nobody') {
      return known({ ...requireAuth(unnamed, 'not_connected'), response: unnamed.nobodyConnected() });
    }
    const { manager } = whose;
    ports.watch?.manager(manager.userId);
    progress.setLanguage(manager.language);
    const language = chooseLanguage(call.language, manager.language);
    const talk: Conversation = {
      manager,
      call,
      toolCallId: toolCall.id,
      language,
      lines: LINES[language],
      now: ports.clock(),
      signal,
      ports,
    };
    const run = async (): Promise<Answer> => {
      const answer = await runTool(talk, name, toolCall.args);
      progress.setAnswer(answer);
      return answer;
    };
    if (!CHANGING.has(name) || call.callId === null || toolCall.id === null) return toLine(await run());
    return answerOnce(talk, call.callId, `${name} ${toolCall.id}`, run);
  }

  function readHints({ staticUserId, args }: ToolCall): {
    staticUserId: string | null;
    trustedUserId: string | null;
  } {
    const given = args?.user_id;
    const isGiven = options.trustToolUserId && typeof given === 'string' && given.trim() !== '';
    return { staticUserId, trustedUserId: isGiven ? given : null };
  }
}

/** What an app that cannot run says: in words, to whoever asks, and nothing more. */
export const answerMisconfigured: AnswerWebhook = (body) => {
  const message = parseWebhook(body);
  switch (message.kind) {
    case 'tools': {
      const response = LINES[chooseLanguage(message.call.language)].notSetUp();
      const line = toLine({ response, action: 'error', code: 'misconfigured', retryable: false });
      return Promise.resolve(
        replyToCalls(
          message.form,
          message.calls,
          message.calls.map(() => line),
        ),
      );
    }
    case 'assistant_request':
      return Promise.resolve({ error: LINES[chooseLanguage(message.call.language)].notSetUp() });
    default:
      return Promise.resolve(answerPlainly(message.kind));
  }
};

/** What needs no manager and no calendar. */
function answerPlainly(kind: Exclude<WebhookMessage['kind'], 'tools' | 'assistant_request'>): ReplyBody {
  switch (kind) {
    case 'informational':
      return {};
    case 'knowledge_request':
      return { documents: [] };
    case 'transfer_request':
      return { error: LINES.en.noTransfer() };
    case 'unreadable':
      return { result: invalid('unreadable_body', LINES.en.notUnderstood()) };
  }
}

/** What `answerCall` must know where the deadline cuts a call short. */
interface Progress {
  setLanguage(tag: string | null): void;
  setAnswer(answer: Answer): void;
}

/**
 * VAPI repeats a call whose answer was lost: it hears the first one, word for word. A fault, which is thrown, and a
 * missing consent may pass: they are not kept.
 */
async function answerOnce(
  { ports, manager, now, signal }: Conversation,
  callId: string,
  toolCallId: string,
  run: () => Promise<Answer>,
): Promise<string> {
  const first = await ports.calls.findAnswer(manager.userId, callId, toolCallId, signal);
  if (first !== null) return first;
  const answer = await run();
  const line = toLine(answer);
  if (answer.action !== 'require_auth') {
    try {
      await ports.calls.keepAnswer(manager.userId, callId, toolCallId, line, now, signal);
    } catch (error) {
      // What was done is done; the booking has a replay of its own.
      ports.log.warn('answer_not_kept', { code: isAppError(error) ? error.code : 'internal' });
    }
  }
  return line;
}

function managerUnknown(response: string): Answer {
  return {
    response,
    action: 'error',
    code: 'manager_unknown',
    retryable: false,
  };
}
