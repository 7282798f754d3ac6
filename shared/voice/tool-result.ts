import { z } from 'zod';

// What every tool answers, as validated in tests and told in the OpenAPI document.

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
function answer<Action extends string, Shape extends z.core.$ZodLooseShape>(action: Action, shape: Shape) {
  return z.object({ response, action: z.literal(action), ...shape });
}

export const answerSchema = z
  .discriminatedUnion('action', [
    answer('present_slots', {
      available_slots: slots.describe('In order of time, 10 at most'),
    }).describe('Free times'),
    answer('no_availability', {}).describe('Nothing is free in the whole horizon'),
    answer('booked', { appointment: appointmentSchema }),
    answer('conflict', {
      reason: z.enum(['busy', 'day_full']),
      available_slots: slots.describe('The free ones nearest to the time asked for, 2 at most'),
    }).describe('The time is taken, too near to another viewing, or the day is full'),
    answer('rescheduled', { appointment: appointmentSchema }),
    answer('cancelled', { appointment: appointmentSchema }),
    answer('appointments', { appointments: z.array(appointmentSchema) }).describe(
      "The caller's own viewings: all of them, or those to choose from",
    ),
    answer('require_auth', {
      reason: z.enum(['not_connected', 'reconnect_required', 'disconnected']),
    }).describe('The manager has to connect his calendar first'),
    answer('link_sent', {}).describe('The manager has been mailed a link to connect with'),
    answer('message_taken', {
      mailed: z.boolean().describe('Whether the manager has been mailed it; it is kept in any case'),
    }),
    answer('invalid_request', {
      reason: z.string().describe('A stable word for what is wrong'),
      available_slots: slots.optional().describe('Free times near the one that cannot be booked'),
    }).describe('Something is missing or cannot be: `response` says what, or asks for it'),
    answer('error', {
      code: z.string().describe('A stable word for what failed'),
      retryable: z.boolean().describe('Whether the same request may work in a moment'),
    }).describe('Something of ours or of Microsoft failed'),
  ])
  .meta({ id: 'ToolAnswer' });

export type Answer = z.infer<typeof answerSchema>;
export type SlotView = z.infer<typeof slotSchema>;
export type AppointmentView = z.infer<typeof appointmentSchema>;
