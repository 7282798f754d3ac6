// Hazard: the caller waits on the line. Every tool call has its result before the deadline, whatever is slow or broken.
import { deadlineExceeded } from '../core/deadline.ts';
import type { Deadline } from '../core/deadline.ts';
import { AppError, codeOf, isAppError } from '../core/errors.ts';
import type { Call, ToolCall } from './call.ts';
import { createCallMemory } from './call-memory.ts';
import type { CallRecord, Turn } from './call-memory.ts';
import type { VoicePorts } from './ports.ts';
import { resolveManager } from './resolve-manager.ts';
import type { ResolveOptions } from './resolve-manager.ts';
import { chooseLanguage } from './speech/dates.ts';
import type { Language } from './speech/dates.ts';
import { LINES } from './speech/lines.ts';
import { rememberSpokenDay } from './spoken-day.ts';
import { invalid, requireAuth } from './tool-context.ts';
import type { ToolContext } from './tool-context.ts';
import type { ToolResult } from './tool-result.ts';
import { BOOKING_CHANGES, CHANGING, isToolName } from './tools/definitions.ts';
import type { ToolName } from './tools/definitions.ts';
import { runTool, toErrorResult } from './tools/run-tool.ts';

/** How tool calls are run. */
export interface ToolCallOptions extends ResolveOptions {
  /** Milliseconds that the memory of the call waits for a tool call before the next one uses it. Default 2,000. */
  readonly turnLimitMs?: number;
}

/** How far one tool call has come. At the deadline its result is made of this. */
interface ToolCallState {
  language: Language;
  /** Known before the last writes are done. */
  result: ToolResult | null;
  /** Whether the result is that of an earlier request for the same tool call. */
  isRepeat: boolean;
  /** A tool that changes viewings has begun. */
  mayHaveChanged: boolean;
}

/**
 * Runs the tool calls of one message. Calls that change something run one after the other, in their order; the others
 * run at once. What is remembered of the call is read and written in their order by all of them, but none waits long for
 * one that hangs. Never rejects.
 * @returns one result for each call, in their order, before the deadline passes.
 */
export async function runToolCalls(
  ports: VoicePorts,
  options: ToolCallOptions,
  call: Call,
  toolCalls: readonly ToolCall[],
  deadline: Deadline,
): Promise<ToolResult[]> {
  let changes: Promise<unknown> = Promise.resolve();
  let ready: Promise<unknown> = Promise.resolve();
  const writers = new Map<string, number>();
  const results: Promise<ToolResult>[] = [];
  for (const [at, toolCall] of toolCalls.entries()) {
    const turn: Turn = { ready, at, writers };
    const run = (): Promise<ToolResult> => runToolCall(ports, options, call, toolCall, deadline, turn);
    const isChange = isToolName(toolCall.name) && CHANGING.has(toolCall.name);
    const result = isChange ? changes.then(run) : run();
    if (isChange) changes = result;
    // Each waits for the one before it: waiting for all of them would be quadratic work.
    ready = endTurn(turn, result, options.turnLimitMs ?? 2_000);
    results.push(result);
  }
  return Promise.all(results);
}

/** A turn ends with its result, or a while after it began. */
async function endTurn({ ready }: Turn, result: Promise<unknown>, limitMs: number): Promise<void> {
  await ready;
  let timer: NodeJS.Timeout | undefined;
  const limit = new Promise<void>((resolve) => {
    timer = setTimeout(resolve, limitMs);
  });
  await Promise.race([result, limit]);
  clearTimeout(timer);
}

async function runToolCall(
  ports: VoicePorts,
  options: ResolveOptions,
  call: Call,
  toolCall: ToolCall,
  deadline: Deadline,
  turn: Turn,
): Promise<ToolResult> {
  const startedAt = performance.now();
  const name = isToolName(toolCall.name) ? toolCall.name : null;
  const state: ToolCallState = {
    language: chooseLanguage(call.language),
    result: null,
    isRepeat: false,
    mayHaveChanged: false,
  };
  let result: ToolResult;
  try {
    if (deadline.signal.aborted) throw deadlineExceeded();
    const carriedOut = carryOut(ports, options, call, toolCall, name, deadline.signal, state, turn);
    result = await deadline.within(carriedOut);
  } catch (error) {
    if (state.result === null) ports.log.error('tool_call_failed', { tool: name, call: call.callId }, error);
    result = state.result ?? toErrorResult(toOutcome(error, state), LINES[state.language], name);
  }
  const ms = Math.round(performance.now() - startedAt);
  const outcome = state.isRepeat ? 'repeated' : result.action;
  const code = result.action === 'error' ? result.code : undefined;
  const tool = name ?? 'unknown';
  ports.log.info('webhook_answered', { tool, call: call.callId, action: outcome, code, ms });
  ports.observer?.toolCallAnswered({ tool, callId: call.callId, outcome });
  return result;
}

/** At the deadline a change may be under way: only asking again tells how it ended. */
function toOutcome(error: unknown, { mayHaveChanged }: ToolCallState): unknown {
  return mayHaveChanged && isAppError(error, 'deadline_exceeded')
    ? new AppError('outcome_unknown', 'The deadline passed during a change', { cause: error })
    : error;
}

/** Resolves the manager, makes the tool's context, and runs the tool once. */
async function carryOut(
  ports: VoicePorts,
  options: ResolveOptions,
  call: Call,
  toolCall: ToolCall,
  name: ToolName | null,
  signal: AbortSignal,
  state: ToolCallState,
  turn: Turn,
): Promise<ToolResult> {
  const lines = LINES[state.language];
  if (name === null) return invalid('unknown_tool', lines.cannotDo());
  const resolved = await resolveManager(ports.managers, call, toolCall, options, signal);
  if (resolved.kind === 'unknown') {
    return {
      response: lines.managerUnknown(),
      action: 'error',
      code: 'manager_unknown',
      retryable: false,
    };
  }
  if (resolved.kind === 'nobody') {
    return { ...requireAuth(lines, 'not_connected'), response: lines.nobodyConnected() };
  }
  const { manager } = resolved;
  ports.observer?.managerResolved(manager.userId);
  state.language = chooseLanguage(call.language, manager.language);
  const now = ports.now();
  const record = call.callId === null ? null : ports.openCallRecord(manager.userId, call.callId, signal);
  const isOnce = CHANGING.has(name) && record !== null && toolCall.id !== null;
  const ctx: ToolContext = {
    manager,
    home: null,
    homes: [],
    call,
    toolCallId: toolCall.id,
    language: state.language,
    lines: LINES[state.language],
    now,
    signal,
    memory: createCallMemory(record, now, ports.log, { turn, isWithResult: isOnce }),
    ports,
  };
  state.mayHaveChanged = BOOKING_CHANGES.has(name);
  const run = async (): Promise<ToolResult> => {
    const result = await runTool(ctx, name, toolCall.args);
    // Known from here on, whatever becomes of what is stored of it.
    state.result = result;
    await rememberSpokenDay(ctx, name, result);
    return result;
  };
  return isOnce ? runOnce(ctx, record, `${name} ${toolCall.id}`, state, run) : run();
}

/**
 * A request may be repeated because its answer was lost: it gets the first result again. A fault, which is thrown, and a
 * missing consent may pass: they are not stored.
 */
async function runOnce(
  { ports, now, memory }: ToolContext,
  record: CallRecord,
  toolCallKey: string,
  state: ToolCallState,
  run: () => Promise<ToolResult>,
): Promise<ToolResult> {
  const first = await record.findResult(toolCallKey);
  if (first !== null) {
    state.isRepeat = true;
    return first;
  }
  const result = await run();
  if (result.action === 'require_auth' || (result.action === 'error' && result.retryable)) return result;
  try {
    await record.saveResult(toolCallKey, result, now, memory.ofResult());
  } catch (error) {
    // What was done is done. A repeat is recognized by the row of its booking.
    ports.log.warn('result_not_saved', { code: codeOf(error) });
  }
  return result;
}
