// What `npm start` prints: the addresses to open, and the commands to paste.

import { DAY_MS } from '../shared/core/duration.ts';
export interface Places {
  readonly appUrl: string;
  readonly inboxUrl: string;
  /** The page that lists the homes. */
  readonly rentalsUrl: string;
  readonly feedUrl: string;
  /** Null: the real Microsoft. */
  readonly standInUrl: string | null;
  readonly tablesUrl: string;
  /** Null: no key is asked for. */
  readonly functionKey: string | null;
  /** For /admin. Null: no key is asked for. */
  readonly masterKey: string | null;
  readonly timers: readonly { readonly name: string; readonly everyMinutes: number | null }[];
  /** Epoch milliseconds. */
  readonly now: number;
}

const USER = '+15555551234';
const ADDRESS = '12 Main Street';

/** A Tuesday at 10 is free in the stand-in's sample week. */
function nextTuesday(now: number): string {
  const days = (2 - new Date(now).getUTCDay() + 7) % 7;
  return new Date(now + (days < 2 ? days + 7 : days) * DAY_MS).toISOString().slice(0, 10);
}

/** What `npm start` prints when all is up: addresses, and commands to paste. */
export function startMessage(places: Places): string {
  const { appUrl, functionKey } = places;
  const key = functionKey === null ? '' : ` -H "x-functions-key: ${functionKey}"`;
  const tool = (name: string, parameters: Record<string, string>): string =>
    `curl ${appUrl}/vapi/webhook -H "content-type: application/json" -d '${JSON.stringify({
      functionCall: { name, parameters: { user_id: USER, property_address: ADDRESS, ...parameters } },
    })}'`;
  return `
PeteRental Calendar runs at ${appUrl}
${functionKey === null ? '' : `\n  function key           ${functionKey}\n`}
  the API                ${appUrl}/docs
  what works             ${appUrl}/health
  the manager's inbox    ${places.inboxUrl}
  the homes for rent     ${places.rentalsUrl}
  ${
    places.standInUrl === null
      ? 'Microsoft itself       local.settings.json names an app there'
      : `everybody's calendar   ${places.standInUrl}/calendar`
  }
  the tables             ${places.tablesUrl}

1. Ask for a link, open its authorization_url in a browser, and sign in${places.standInUrl === null ? '' : ' as Pete'}:

  curl${key} "${appUrl}/calendar/auth/start?user_id=${USER}"

   or have it mailed, and look into the inbox:

  curl${key} ${appUrl}/calendar/auth/invite -H "content-type: application/json" -d '${JSON.stringify({
    user_id: USER,
    calendar_email: 'pete@lakeviewrentals.example',
  })}'

2. See that it is connected:

  curl${key} "${appUrl}/calendar/auth/status?user_id=${USER}"

3. Ask for times and book one, as the voice agent does:

  ${tool('get_availability', {})}

  ${tool('set_appointment', { start_time: `${nextTuesday(places.now)}T10:00`, attendee_name: 'Ann Example' })}

   or let a script play a whole call: npm run call -- --user-id=${USER}${appUrl.endsWith(':7071') ? '' : ` --url=${appUrl}/vapi/webhook`}

4. Import twelve homes of two managers, and look at them at ${places.rentalsUrl}:

  npm run rentals -- sample --feed=${places.feedUrl}${appUrl.endsWith(':7071') ? '' : ` --app=${appUrl}`}${functionKey === null ? '' : ` --key=${functionKey}`}

Timers (${places.timers
    .map(
      ({ name, everyMinutes }) => `${name}${everyMinutes === null ? '' : ` every ${everyMinutes} minutes`}`,
    )
    .join(', ')}) run at once with:

  curl ${appUrl}/admin/functions/${places.timers[0]?.name ?? 'NAME'}${places.masterKey === null ? '' : ` -H "x-functions-key: ${places.masterKey}"`} -H "content-type: application/json" -d "{}"

Ctrl-C stops it. State is saved in .sandbox; npm start -- --fresh deletes it.
`;
}
