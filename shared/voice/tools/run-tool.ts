import { isAppError, isRetryable } from '../../core/errors.ts';
import type { ErrorCode } from '../../core/errors.ts';
import type { ToolResult } from '../tool-result.ts';
import { invalid, requireAuth } from '../tool-context.ts';
import type { ToolContext } from '../tool-context.ts';
import type { Lines } from '../speech/lines.ts';
import { getAvailability } from './availability.ts';
import { cancelAppointment } from './cancel-appointment.ts';
import { sendAuthorizationLink } from './connect-link.ts';
import { readToolArguments } from './definitions.ts';
import type { ToolArguments, ToolName } from './definitions.ts';
import { describeRental } from './describe-rental.ts';
import { findAppointments } from './find-appointments.ts';
import { findRentals } from './find-rentals.ts';
import { takeMessage } from './message.ts';
import { rescheduleAppointment } from './reschedule-appointment.ts';
import { setAppointment } from './set-appointment.ts';

type Handlers = {
  readonly [Name in ToolName]: (ctx: ToolContext, args: ToolArguments<Name>) => Promise<ToolResult>;
};

const HANDLERS: Handlers = {
  get_availability: getAvailability,
  find_rentals: findRentals,
  describe_rental: describeRental,
  set_appointment: setAppointment,
  find_appointments: findAppointments,
  reschedule_appointment: rescheduleAppointment,
  cancel_appointment: cancelAppointment,
  send_authorization_link: sendAuthorizationLink,
  take_message: takeMessage,
};

/** Runs one tool. @throws AppError, which `toErrorResult` puts into words */
export async function runTool(
  ctx: ToolContext,
  name: ToolName,
  args: Readonly<Record<string, unknown>> | null,
): Promise<ToolResult> {
  const read = readToolArguments(name, args);
  if (read === null) return invalid('unreadable_arguments', ctx.lines.notUnderstood());
  // The arguments are those of this very name, which the compiler cannot tell.
  const handle = HANDLERS[name];
  return handle(ctx, read);
}

/** Faults that keep us from the manager's calendar. */
const UNREACHABLE: ReadonlySet<ErrorCode> = new Set<ErrorCode>([
  'microsoft_unreachable',
  'microsoft_throttled',
  'microsoft_rejected',
  'app_credentials_rejected',
  'token_unreadable',
  'encryption_key_missing',
  'no_mailbox',
]);
/** The result for a fault, as a caller hears it. @param name null if the tool is not one of ours. */
export function toErrorResult(error: unknown, lines: Lines, name: ToolName | null): ToolResult {
  if (isAppError(error)) {
    const { code } = error;
    if (code === 'not_connected' || code === 'reconnect_required' || code === 'disconnected') {
      return requireAuth(lines, code);
    }
    return { response: sayFault(code, lines, name), action: 'error', code, retryable: isRetryable(code) };
  }
  return { response: sayFault('internal', lines, name), action: 'error', code: 'internal', retryable: false };
}

function sayFault(code: ErrorCode, lines: Lines, name: ToolName | null): string {
  // These two tools have lines of their own: the others offer a message, or speak of the calendar.
  if (name === 'take_message') return lines.messageFailed();
  if (name === 'send_authorization_link') return lines.linkFailed();
  if (code === 'outcome_unknown') return lines.outcomeUnknown();
  if (UNREACHABLE.has(code)) return lines.calendarUnreachable();
  return code === 'deadline_exceeded' ? lines.tooSlow() : lines.outOfOrder();
}
