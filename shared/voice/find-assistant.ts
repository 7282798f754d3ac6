import type { Call } from './call.ts';
import type { VoicePorts } from './ports.ts';
import { chooseLanguage } from './speech/dates.ts';
import { LINES } from './speech/lines.ts';

/** What VAPI is told when a call comes in: an assistant of theirs, or a line to say before hanging up. */
export type AssistantChoice =
  { readonly ok: true; readonly assistantId: string } | { readonly ok: false; readonly response: string };

/**
 * Which assistant answers a line: the first one of the manager who is called by it. If there is none, `response` is
 * what the caller hears instead.
 * @throws AppError `storage_unavailable`
 */
export async function findAssistant(
  { managers }: Pick<VoicePorts, 'managers'>,
  call: Call,
  signal: AbortSignal,
): Promise<AssistantChoice> {
  const manager = call.lineAddress === null ? null : await managers.findByNumber(call.lineAddress, signal);
  const assistantId = manager?.assistantIds[0];
  if (assistantId !== undefined) return { ok: true, assistantId };
  const lines = LINES[chooseLanguage(call.language, manager?.language ?? null)];
  return { ok: false, response: lines.notSetUp() };
}
