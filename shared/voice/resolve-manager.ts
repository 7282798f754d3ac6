import { parseUserId } from '../core/identifiers.ts';
import type { Call, ToolCall } from './call.ts';
import type { CalledManager, ManagerDirectory } from './ports.ts';

/** Whose calendar a call is about. */
export type ManagerResolution =
  | { readonly kind: 'manager'; readonly manager: CalledManager }
  /** No manager exists, or the user id is nobody's. */
  | { readonly kind: 'nobody' }
  /** There are several managers, and nothing tells which one is called. */
  | { readonly kind: 'unknown' };

/** What an operator has set about it. */
export interface ResolveOptions {
  /** Whether the tool's own `user_id` argument may choose the calendar if the call names nobody. */
  readonly trustToolUserId: boolean;
}

/**
 * Decides which manager was called. The call decides; what it names is passed over if no manager is called by it. The
 * model's own `user_id` counts only if it is trusted and the call names nobody.
 * @throws AppError `storage_unavailable`
 */
export async function resolveManager(
  directory: ManagerDirectory,
  call: Call,
  { staticUserId, args }: ToolCall,
  { trustToolUserId }: ResolveOptions,
  signal: AbortSignal,
): Promise<ManagerResolution> {
  const named =
    (call.assistantId !== null && (await directory.findByAssistant(call.assistantId, signal))) ||
    (call.lineAddress !== null && (await directory.findByNumber(call.lineAddress, signal))) ||
    (await findById(directory, staticUserId, signal)) ||
    (await findById(directory, call.metadataUserId, signal));
  if (named) return { kind: 'manager', manager: named };

  const given = args?.['user_id'];
  if (trustToolUserId && typeof given === 'string' && given.trim() !== '') {
    const manager = await findById(directory, given, signal);
    return manager ? { kind: 'manager', manager } : { kind: 'nobody' };
  }
  const only = await directory.findOnlyManager(signal);
  if (only === 'none') return { kind: 'nobody' };
  return only === 'several' ? { kind: 'unknown' } : { kind: 'manager', manager: only };
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
