import { codeOf, isAppError } from '../../core/errors.ts';
import { MINUTE_MS } from '../../core/duration.ts';
import { hashText } from '../../core/hash.ts';
import type { ToolResult } from '../tool-result.ts';
import { invalid } from '../tool-context.ts';
import type { ToolContext } from '../tool-context.ts';
import { withDeadline } from '../../core/deadline.ts';
import type { MemoryEntries } from '../call-memory.ts';
import type { StoredMessage, TakenMessage } from '../ports.ts';
import { toSpeakable } from '../speech/speakable.ts';
import { readPhone } from './definitions.ts';
import type { ToolArguments } from './definitions.ts';

/** How long the caller waits for the mail. The message is kept in any case. */
const MAIL_TIMEOUT_MS = 4_000;
/** Without a call, the same text within this time is a repeat of the message. */
const REPEAT_WITHIN_MS = 10 * MINUTE_MS;

export async function takeMessage(
  ctx: ToolContext,
  args: ToolArguments<'take_message'>,
): Promise<ToolResult> {
  const { lines, ports, manager, call, signal } = ctx;
  if (args.message === undefined) return invalid('missing_message', lines.askMessage());
  const message: TakenMessage = {
    id: hashText(call.callId ?? '', args.message),
    text: args.message,
    name: args.name ?? null,
    callerNumber: call.callerNumber,
    givenNumber: call.callerNumber === null ? readPhone(args.phone) : null,
    ...(await recallAsked(ctx)),
    receivedAt: ctx.now,
  };
  const within = call.callId === null ? REPEAT_WITHIN_MS : null;
  const kept = await ports.messages.keep(manager.userId, message, within, signal);
  const mailed = kept.mailed || (await mail(ctx, kept));
  const line = {
    message: toSpeakable(args.message, 30),
    hasNumber: (kept.callerNumber ?? kept.givenNumber) !== null,
  };
  const response = mailed ? lines.messageSent(line) : lines.messageKept(line);
  return { response, action: 'message_taken', mailed };
}

async function recallAsked(ctx: ToolContext): Promise<Pick<TakenMessage, 'propertyAddress' | 'offered'>> {
  let before: MemoryEntries = {};
  try {
    before = await ctx.memory.recall();
  } catch (error) {
    // The message matters more than what it is about.
    ctx.ports.log.warn('call_memory_failed', { code: codeOf(error) });
  }
  const spoken = (before.offered ?? []).filter((slot) => slot.spoken);
  return { propertyAddress: before.propertyAddress ?? null, offered: spoken.map(({ text }) => text) };
}

/** Whether the mail left. */
async function mail({ ports, manager, signal }: ToolContext, message: StoredMessage): Promise<boolean> {
  try {
    await withDeadline(
      MAIL_TIMEOUT_MS,
      (deadline) => deadline.within(ports.mailMessage(manager.userId, message, deadline.signal)),
      signal,
    );
  } catch (error) {
    if (!isAppError(error, 'mail_not_configured')) {
      ports.log.warn('message_mail_failed', { code: codeOf(error) });
    }
    return false;
  }
  try {
    await ports.messages.markMailed(manager.userId, message, signal);
  } catch (error) {
    ports.log.warn('message_mark_failed', { code: codeOf(error) });
  }
  return true;
}
