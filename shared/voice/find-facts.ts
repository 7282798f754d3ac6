// What a model may know of the home last spoken of, for questions that no tool was called for.
import { localDate } from '../scheduling/zone.ts';
import type { Call } from './call.ts';
import { createCallMemory } from './call-memory.ts';
import type { VoicePorts } from './ports.ts';
import { resolveManager } from './resolve-manager.ts';
import type { ResolveOptions } from './resolve-manager.ts';
import { toRentalDto } from './rental-dto.ts';
import { chooseLanguage } from './speech/dates.ts';
import { describeHome } from './speech/describe-home.ts';
import { LINES } from './speech/lines.ts';
import { speakablePolicies } from './tools/describe-rental.ts';

/** Nobody's arguments: the call alone tells who was called. */
const NO_TOOL = { id: null, name: '', args: null, staticUserId: null };

/**
 * The facts of the home last spoken of on a call, one text each; none if no home was.
 * @throws AppError `storage_unavailable`, `data_unreadable`
 */
export async function findFacts(
  ports: VoicePorts,
  options: ResolveOptions,
  call: Call,
  signal: AbortSignal,
): Promise<readonly string[]> {
  if (call.callId === null) return [];
  const resolved = await resolveManager(ports.managers, call, NO_TOOL, options, signal);
  if (resolved.kind !== 'manager') return [];
  const { manager } = resolved;
  const now = ports.now();
  const record = ports.openCallRecord(manager.userId, call.callId, signal);
  const { lastHome: last } = await createCallMemory(record, now, ports.log).recall();
  if (last == null) return [];
  const { properties } = await ports.properties.forManager(manager.userId, signal);
  const home = properties.find(
    ({ propertyId, status }) => propertyId === last.propertyId && status !== 'hidden',
  );
  if (home === undefined) return [];
  const shownBy = home.userId === manager.userId ? manager : await ports.managers.find(home.userId, signal);
  const policies = speakablePolicies(shownBy ?? manager);
  const language = chooseLanguage(call.language, manager.language);
  const today = localDate(now, (shownBy ?? manager).timeZone ?? ports.defaultTimeZone);
  const described = describeHome(home, policies, today, language, LINES[language].theProperty());
  return [described, JSON.stringify({ ...toRentalDto(home, true), policies })];
}
