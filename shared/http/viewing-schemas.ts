// What GET /managers/{user_id}/viewings takes and gives.
import * as z from 'zod';
import type { ListedViewing } from '../booking/list-viewings.ts';
import { pageQuery } from './paging.ts';
import type { DeepReadonly } from './route.ts';

const day = z.string().meta({ description: 'Local date of the manager, YYYY-MM-DD', example: '2026-12-01' });

export const viewingsQuery = pageQuery('viewings').extend({
  from: day.optional().describe('Local date, YYYY-MM-DD; today by default'),
  to: day.optional().describe('Local date, included; 60 days after `from` by default'),
});

const viewing = z.object({
  appointment_id: z.string(),
  date: z.string().describe('Local date of the manager'),
  state: z
    .string()
    .describe(
      '`booked`; `in_doubt` while it is not known whether Outlook has it; `held`, `moving`, `returning`, `undoing`, `cancelling` while a change is under way; `cancelled`; `freed`',
    ),
  start_time: z.string(),
  end_time: z.string(),
  property_id: z.string().nullable(),
  property_address: z.string(),
  attendee_name: z.string().nullable(),
  event_id: z.string().nullable(),
  web_link: z.string(),
});

export const viewingsResponse = z
  .object({ viewings: z.array(viewing), next: z.string().optional() })
  .meta({ id: 'Viewings' });

/** A viewing as the API sends it. A booking whose outcome is unknown has the state `in_doubt`, whatever its row says. */
export function toViewingResponse(listed: ListedViewing): DeepReadonly<z.output<typeof viewing>> {
  const { booking, date, startTime, endTime } = listed;
  return {
    appointment_id: booking.bookingId,
    date,
    state: booking.inDoubt ? 'in_doubt' : booking.state,
    start_time: startTime,
    end_time: endTime,
    property_id: booking.propertyId,
    property_address: booking.propertyAddress,
    attendee_name: booking.attendeeName,
    event_id: booking.eventId,
    web_link: booking.webLink,
  };
}
