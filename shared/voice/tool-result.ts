import * as z from 'zod';
import { rentalSchema } from './rental-dto.ts';

// The result of every tool, by its `action`: validated in tests, and described in the OpenAPI document. A new action is a
// new entry of `toolResultSchema`.

const time = z
  .string()
  .describe("ISO 8601 with the manager's offset")
  .meta({ examples: ['2026-12-01T14:00:00-06:00'] });

const slotSchema = z
  .object({
    start_time: time,
    end_time: time,
    duration_minutes: z.int(),
    formatted_time: z
      .string()
      .describe('As it is read aloud, with its date')
      .meta({ examples: ['Tuesday, December 1 at 2 PM'] }),
    spoken: z.boolean().describe('Whether `response` names it: "the second one" counts these'),
  })
  .meta({ id: 'Slot' });

const appointmentSchema = z
  .object({
    appointment_id: z
      .string()
      .describe('What reschedule_appointment and cancel_appointment take as `appointment`'),
    event_id: z.string().describe("Microsoft Graph's immutable id of the event"),
    subject: z.string(),
    property_address: z.string(),
    start_time: time,
    end_time: time,
    formatted_time: z.string(),
    web_link: z.string().describe('Opens the event in Outlook on the web, for the manager'),
  })
  .meta({ id: 'Appointment' });

const response = z.string().describe('One line to read aloud: at most 60 words, without markup');
const slots = z.array(slotSchema);
function result<Action extends string, Shape extends z.core.$ZodLooseShape>(action: Action, shape: Shape) {
  return z.object({ response, action: z.literal(action), ...shape });
}

/** Every result that a tool can have, told apart by `action`. */
export const toolResultSchema = z
  .discriminatedUnion('action', [
    result('present_slots', {
      available_slots: slots.describe('In order of time, 10 at most'),
      nearest: z
        .literal(true)
        .optional()
        .describe('Nothing that was asked for is free: these are the nearest'),
      provisional: z
        .literal(true)
        .optional()
        .describe('Microsoft did not answer: these times were free a while ago'),
    }).describe('Free times'),
    result('no_availability', {}).describe('Nothing is free in the whole horizon'),
    result('booked', {
      appointment: appointmentSchema,
      invitation: z
        .enum(['sent', 'none', 'unreadable_email'])
        .describe('Whether an invitation goes to the e-mail address that was given'),
    }),
    result('conflict', {
      reason: z.enum(['busy', 'day_full', 'already_booked']),
      available_slots: slots.describe('The free ones nearest to the time asked for, 2 at most'),
    }).describe('The time is taken, too near to another viewing, or the day is full'),
    result('rescheduled', { appointment: appointmentSchema }),
    result('cancelled', { appointment: appointmentSchema }),
    result('appointments', { appointments: z.array(appointmentSchema) }).describe(
      "The caller's own viewings: all of them, or those to choose from",
    ),
    result('require_auth', {
      reason: z.enum(['not_connected', 'reconnect_required', 'disconnected']),
    }).describe('The manager has to connect their calendar first'),
    result('link_sent', {}).describe('The manager has been mailed a link to connect with'),
    result('message_taken', {
      mailed: z.boolean().describe('Whether it has been mailed to the manager; it is stored in any case'),
    }),
    result('present_rentals', {
      rentals: z.array(rentalSchema).describe('Those that fit best first, 10 at most'),
      total: z.int().describe('How many fit'),
      relaxed: z
        .enum(['move_in', 'max_rent', 'bedrooms'])
        .optional()
        .describe('Nothing fitted all that was asked for: this was given up'),
    }).describe('Homes that fit'),
    result('no_rentals', { rentals: z.array(rentalSchema), total: z.int() }).describe(
      'No home fits, or none is left to name',
    ),
    result('rental_details', {
      rental: rentalSchema,
      policies: z
        .array(z.object({ topic: z.string(), text: z.string() }))
        .describe("The manager's written policies"),
    }),
    result('which_property', {
      rentals: z.array(rentalSchema).describe('Those that may be meant, 10 at most'),
    }).describe('More than one home may be meant, or none was named'),
    result('property_unknown', {
      rentals: z.array(rentalSchema).describe('Near ones, 3 at most'),
    }).describe('No home of that address is listed'),
    result('property_unavailable', {
      rentals: z.array(rentalSchema).describe('Similar ones, 2 at most'),
    }).describe('The home cannot be viewed'),
    result('invalid_request', {
      reason: z
        .string()
        .describe(
          'A stable word for what is wrong. `unreadable_property`: of a home, over 200 characters or 48 words were said',
        ),
      available_slots: slots.optional().describe('Free times near the one that cannot be booked'),
    }).describe('Something is missing or not possible: `response` says what, or asks for it'),
    result('error', {
      code: z.string().describe('A stable word for what failed'),
      retryable: z.boolean().describe('Whether the same request may work in a moment'),
    }).describe('The app or Microsoft failed'),
  ])
  .meta({ id: 'ToolResult' });

/** The result of a tool: `response` is read aloud, the rest is for the model. */
export type ToolResult = z.infer<typeof toolResultSchema>;
/** A start that can be booked, with times in ISO 8601 on the clock of the manager. */
export type SlotDto = z.infer<typeof slotSchema>;
/** A viewing, with times in ISO 8601 on the clock of the manager. */
export type AppointmentDto = z.infer<typeof appointmentSchema>;
