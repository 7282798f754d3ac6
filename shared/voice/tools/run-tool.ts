import { isAppError } from '../../core/errors.ts';
import type { Answer } from '../tool-result.ts';
import { invalid, requireAuth } from '../tool-context.ts';
import type { Conversation } from '../tool-context.ts';
import type { Lines } from '../speech/lines.ts';
import {
  cancelAppointment,
  findAppointments,
  rescheduleAppointment,
  setAppointment,
} from './appointments.ts';
import { getAvailability } from './availability.ts';
import { readToolArguments } from './definitions.ts';
import type { ToolArguments, ToolName } from './definitions.ts';
import { sendAuthorizationLink } from './connect-link.ts';
import { takeMessage } from './message.ts';

type Handlers = {
  readonly [Name in ToolName]: (talk: Conversation, args: ToolArguments<Name>) => Promise<Answer>;
};

const HANDLERS: Handlers = {
  get_availability: getAvailability,
  set_appointment: setAppointment,
  find_appointments: findAppointments,
  reschedule_appointment: rescheduleAppointment,
  cancel_appointment: cancelAppointment,
  send_authorization_link: sendAuthorizationLink,
  take_message: takeMessage,
};

/** Carries out one tool call. @throws what `answerFault` answers. */
export async function runTool(
  talk: Conversation,
  name: ToolName,
  args: Readonly<Record<string, unknown>> | null,
): Promise<Answer> {
  const read = readToolArguments(name, args);
  if (read === null) return invalid('unreadable_arguments', talk.lines.notUnderstood());
  // The arguments are those of this very name, which the compiler cannot tell.
  const handle = HANDLERS[name];
  return handle(talk, read);
}

const UNREACHABLE = new Set([
  'microsoft_unreachable',
  'microsoft_throttled',
  'microsoft_rejected',
  'app_credentials_rejected',
  'token_unreadable',
  'encryption_key_missing',
  'no_mailbox',
]);
const RETRYABLE = new Set([
  'already_taken',
  'microsoft_unreachable',
  'microsoft_throttled',
  'deadline_exceeded',
  'storage_unavailable',
  'mail_failed',
]);

/** What a caller hears of a fault. `name` is null before a tool is known. */
export function answerFault(error: unknown, lines: Lines, name: ToolName | null): Answer {
  if (isAppError(error)) {
    const { code } = error;
    if (code === 'not_connected' || code === 'reconnect_required' || code === 'disconnected') {
      return requireAuth(lines, code);
    }
    return { response: sayFault(code, lines, name), action: 'error', code, retryable: RETRYABLE.has(code) };
  }
  return { response: sayFault('internal', lines, name), action: 'error', code: 'internal', retryable: false };
}

function sayFault(code: string, lines: Lines, name: ToolName | null): string {
  // Neither line may offer what has just failed, or what needs no calendar.
  if (name === 'take_message') return lines.messageFailed();
  if (name === 'send_authorization_link') return lines.linkFailed();
  if (UNREACHABLE.has(code)) return lines.calendarUnreachable();
  return code === 'deadline_exceeded' ? lines.tooSlow() : lines.outOfOrder();
}
