import { codeOf } from '../../core/errors.ts';
import { hashText } from '../../core/hash.ts';
import type { ToolResult } from '../tool-result.ts';
import { invalid, withManagerOfHome } from '../tool-context.ts';
import type { ToolContext } from '../tool-context.ts';
import type { MemoryEntries } from '../call-memory.ts';
import type { CallerMessage } from '../../messages/message.ts';
import { toSpeakable } from '../speech/speakable.ts';
import { readPhone } from './definitions.ts';
import type { ToolArguments } from './definitions.ts';

/** Stores a message for the manager and mails it. It counts as taken once it is stored. */
export async function takeMessage(
  called: ToolContext,
  args: ToolArguments<'take_message'>,
): Promise<ToolResult> {
  if (args.message === undefined) return invalid('missing_message', called.lines.askMessage());
  const ctx = await withManagerOfHome(called);
  const { lines, ports, manager, call, signal } = ctx;
  const message: CallerMessage = {
    id: hashText(call.callId ?? '', args.message),
    text: args.message,
    name: args.name ?? null,
    callerNumber: call.callerNumber,
    givenNumber: call.callerNumber === null ? readPhone(args.phone) : null,
    ...(await recallAsked(ctx)),
    receivedAt: ctx.now,
  };
  const stored = await ports.messages.take(manager.userId, call.callId, message, signal);
  const line = {
    message: toSpeakable(args.message, 30),
    hasNumber: (stored.callerNumber ?? stored.givenNumber) !== null,
  };
  const response = stored.mailed ? lines.messageSent(line) : lines.messageKept(line);
  return { response, action: 'message_taken', mailed: stored.mailed };
}

async function recallAsked(ctx: ToolContext): Promise<Pick<CallerMessage, 'propertyAddress' | 'offered'>> {
  let before: MemoryEntries = {};
  try {
    before = await ctx.memory.recall();
  } catch (error) {
    // The message matters more than what it is about.
    ctx.ports.log.warn('call_memory_failed', { code: codeOf(error) });
  }
  const spoken = (before.offered ?? []).filter((slot) => slot.spoken);
  return { propertyAddress: before.propertyAddress || null, offered: spoken.map(({ text }) => text) };
}
