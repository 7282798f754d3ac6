// What tests and the sandbox do to the stand-in: in the same process, or over /_control from another one.
import { createAccountControls } from './control-accounts.ts';
import type { AccountControls } from './control-accounts.ts';
import { createCalendarControls } from './control-calendar.ts';
import type { CalendarControls } from './control-calendar.ts';
import { createFaultControls } from './control-faults.ts';
import type { FaultControls } from './control-faults.ts';
import { createNotificationControls } from './control-notifications.ts';
import type { NotificationControls } from './control-notifications.ts';
import { json } from './http.ts';
import type { HttpRequest, HttpResponse } from './http.ts';
import type { Store } from './store.ts';

export interface Controls extends AccountControls, CalendarControls, FaultControls, NotificationControls {}

/** All methods of tests. `/_control/NAME` calls them over HTTP. */
export function createControls(store: Store): Controls {
  return {
    ...createAccountControls(store),
    ...createCalendarControls(store),
    ...createFaultControls(store),
    ...createNotificationControls(store),
  };
}

/**
 * POST /_control/{method} with a JSON array of its arguments answers `{value}`, or 400 `{error}`. GET works for methods without
 * arguments.
 */
export async function handleControl(store: Store, request: HttpRequest): Promise<HttpResponse> {
  const controls = createControls(store);
  const name = request.path.slice('/_control/'.length);
  const method = Object.entries(controls).find(([known]) => known === name)?.[1] as
    ((...args: unknown[]) => unknown) | undefined;
  if (!method) return json(404, { error: `No such control. There are ${Object.keys(controls).join(', ')}` });
  try {
    const args: unknown = request.body === '' ? [] : JSON.parse(request.body);
    if (!Array.isArray(args)) return json(400, { error: 'The body is a JSON array of arguments' });
    return json(200, { value: (await method(...(args as unknown[]))) ?? null });
  } catch (error) {
    return json(400, { error: error instanceof Error ? error.message : String(error) });
  }
}
