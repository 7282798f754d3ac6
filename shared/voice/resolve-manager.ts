import { parseUserId } from '../core/identifiers.ts';
import type { CallFacts } from '../vapi/call-facts.ts';
import type { CalledManager, ManagerDirectory } from './ports.ts';

export type WhoseCalendar =
  | { readonly kind: 'manager'; readonly manager: CalledManager }
  /** Nobody is there to be connected. */
  | { readonly kind: 'nobody' }
  /** There are several managers, and nothing tells which one is called. */
  | { readonly kind: 'unknown' };

/** What of one tool call may tell whose calendar it is about. */
export interface ToolHints {
  readonly staticUserId: string | null;
  /** The model's own argument; null where it is not to be trusted. */
  readonly trustedUserId: string | null;
}

/**
 * Whose calendar a tool call is about: the call decides, what it names but nobody is called by is passed over, and the
 * model's own argument counts only where the call names nobody. @throws AppError `storage_unavailable`
 */
export async function findWhoseCalendar(
  directory: ManagerDirectory,
  call: CallFacts,
  hints: ToolHints,
  signal: AbortSignal,
): Promise<WhoseCalendar> {
  const named =
    (call.assistantId !== null && (await directory.findByAssistant(call.assistantId, signal))) ||
    (call.dialledNumber !== null && (await directory.findByNumber(call.dialledNumber, signal))) ||
    (await findById(directory, hints.staticUserId, signal)) ||
    (await findById(directory, call.metadataUserId, signal));
  if (named) return { kind: 'manager', manager: named };

  if (hints.trustedUserId !== null) {
    const manager = await findById(directory, hints.trustedUserId, signal);
    return manager ? { kind: 'manager', manager } : { kind: 'nobody' };
  }
  const sole = await directory.findSole(signal);
  if (sole === 'none') return { kind: 'nobody' };
  return sole === 'several' ? { kind: 'unknown' } : { kind: 'manager', manager: sole };
}

async function findById(
  directory: ManagerDirectory,
  userId: string | null,
  signal: AbortSignal,
): Promise<CalledManager | null> {
  if (userId === null) return null;
  const parsed = parseUserId(userId);
  return parsed.ok ? directory.find(parsed.userId, signal) : null;
}
