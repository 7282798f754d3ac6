import { createHash } from 'node:crypto';
import { isAppError } from '../../core/errors.ts';
import type { Answer } from '../tool-result.ts';
import { invalid, recall } from '../tool-context.ts';
import type { Conversation } from '../tool-context.ts';
import { withDeadline } from '../../core/deadline.ts';
import type { Remembered, StoredMessage, TakenMessage } from '../ports.ts';
import { toSayable } from '../speech/speakable.ts';
import { readPhone } from './definitions.ts';
import type { ToolArguments } from './definitions.ts';

/** Mail has this long: the message is kept in any case, and the caller waits. */
const MAIL_TIMEOUT_MS = 4_000;
/** A body without a call repeats a message for so long. */
const REPEAT_WITHIN_MS = 10 * 60_000;

export async function takeMessage(talk: Conversation, args: ToolArguments<'take_message'>): Promise<Answer> {
  const { lines, ports, manager, call, signal } = talk;
  if (args.message === undefined) return invalid('missing_message', lines.askMessage());
  const message: TakenMessage = {
    id: createHash('sha256')
      .update(JSON.stringify([call.callId, args.message]))
      .digest('base64url'),
    text: args.message,
    name: args.name ?? null,
    callerNumber: call.callerNumber,
    givenNumber: call.callerNumber === null ? readPhone(args.phone) : null,
    ...(await recallAsked(talk)),
    receivedAt: talk.now,
  };
  const within = call.callId === null ? REPEAT_WITHIN_MS : null;
  const kept = await ports.messages.keep(manager.userId, message, within, signal);
  const mailed = kept.mailed || (await mail(talk, kept));
  const line = {
    message: toSayable(args.message, 30),
    hasNumber: (kept.callerNumber ?? kept.givenNumber) !== null,
  };
  const response = mailed ? lines.messageSent(line) : lines.messageKept(line);
  return { response, action: 'message_taken', mailed };
}

async function recallAsked(talk: Conversation): Promise<Pick<TakenMessage, 'propertyAddress' | 'offered'>> {
  let before: Remembered = {};
  try {
    before = await recall(talk);
  } catch (error) {
    // The message matters more than what it is about.
    talk.ports.log.warn('call_memory_failed', { code: isAppError(error) ? error.code : 'internal' });
  }
  const spoken = (before.offered ?? []).filter((slot) => slot.spoken);
  return { propertyAddress: before.propertyAddress ?? null, offered: spoken.map(({ text }) => text) };
}

/** Whether the mail left. */
async function mail({ ports, manager, signal }: Conversation, message: StoredMessage): Promise<boolean> {
  try {
    await withDeadline(MAIL_TIMEOUT_MS, (deadline) => {
      const limited = AbortSignal.any([signal, deadline.signal]);
      return deadline.within(ports.mailMessage(manager.userId, message, limited));
    });
  } catch (error) {
    if (!isAppError(error, 'mail_not_configured')) {
      ports.log.warn('message_mail_failed', { code: isAppError(error) ? error.code : 'internal' });
    }
    return false;
  }
  try {
    await ports.messages.markMailed(manager.userId, message, signal);
  } catch (error) {
    ports.log.warn('message_mark_failed', { code: isAppError(error) ? error.code : 'internal' });
  }
  return true;
}
