import * as z from 'zod';
import { readSpokenEmail } from '../understanding/contacts/spoken-email.ts';
import { readSpokenPhone } from '../understanding/contacts/spoken-phone.ts';

// One schema per tool. It validates the arguments, and describes them to the model and in the OpenAPI document.

const MAX_TEXT = 1_000;
/** Whatever is read as words: the reader itself refuses those that are too long, which must not be cut. */
const MAX_WORDS = 1_000;
function needed(description: string, maxLength = 200): z.ZodString {
  return z.string().max(maxLength).describe(description);
}
function text(description: string, maxLength = 200): z.ZodOptional<z.ZodString> {
  return z.string().max(maxLength).optional().describe(description);
}

function flag(description: string) {
  return z
    .preprocess(
      (value) => (value === 'true' ? true : value === 'false' ? false : value),
      z.boolean().optional(),
    )
    .describe(description);
}

const userId = text('Leave it out: the call itself says whose calendar is meant.', 128);
const PROPERTY =
  'The home, as the caller named it: an address, a name, "the second one", or the `property_id` of a rental in an earlier result.';
const attendeeName = text("The caller's name.");
const viewingStart = text(
  "The start of the viewing: its `start_time`, or the caller's own words, unchanged. Needed with attendee_name if the caller's number is not known.",
  MAX_WORDS,
);
const OWN_WORDS = 'exactly as the caller said it, in their language. Never turn it into a date yourself.';

/** Every tool: what VAPI is told of it, and the schema of its arguments. */
export const TOOLS = {
  get_availability: {
    description:
      'Finds free times to view a rental. Call it before offering any time, and again for every other day the caller asks about. Read `response` to the caller.',
    schema: z.object({
      property_address: text(PROPERTY, MAX_WORDS),
      preferred_date: text(
        `When the caller would like to come, ${OWN_WORDS} For example "tomorrow after 3", "any day but Monday", "el viernes por la tarde". Leave it out if any time will do.`,
        MAX_WORDS,
      ),
      part_of_day: text(
        'The part of the day, only if the caller prefers one: "morning" (before noon), "afternoon", "evening" (from 5 PM), or the caller\'s own words.',
        MAX_WORDS,
      ),
      days_ahead: z.coerce
        .number()
        .int()
        .min(1)
        .max(365)
        .optional()
        .describe('How many days to look ahead, today included, if the caller names no day.'),
      user_id: userId,
    }),
  },
  find_rentals: {
    description:
      'Finds homes for rent. Give only what the caller names. Never ask about children, origin, health, religion or income. Read `response` to the caller. If the caller wants to view one, call get_availability.',
    schema: z.object({
      bedrooms: text('How many: "2", "2+" for at least two, or "studio".', MAX_WORDS),
      max_rent: text(
        "The highest rent a month in US dollars: a number or the caller's own words.",
        MAX_WORDS,
      ),
      area: text('A city, a postal code, a street or the name of a community.', MAX_WORDS),
      pets: text('"dog", "cat" or "both". Leave out assistance animals: they are not pets.', MAX_WORDS),
      move_in: text("The day or days to move in, as YYYY-MM-DD or in the caller's own words.", MAX_WORDS),
      feature: text('Something that a listing may name, such as "garage" or "fenced yard".', MAX_WORDS),
      more: flag('true to get the next homes of the last search.'),
      user_id: userId,
    }),
  },
  describe_rental: {
    description:
      'Describes one home as its listing does. Read `response` to the caller. Say nothing about a home, its neighbors or its neighborhood that is not in `response`.',
    schema: z.object({ property_address: text(PROPERTY, MAX_WORDS), user_id: userId }),
  },
  set_appointment: {
    description:
      'Books a viewing at a time that get_availability offered. Ask for the name first. Read `response` to the caller. The viewing is booked only if `action` is "booked".',
    schema: z.object({
      property_address: needed(PROPERTY, MAX_WORDS),
      start_time: needed(
        `The \`start_time\` of the offered slot, exactly as given, or the time ${OWN_WORDS} For example "the second one", "tomorrow at half past two", "mañana a las 3".`,
        MAX_WORDS,
      ),
      attendee_name: attendeeName,
      attendee_email: text(
        "The caller's e-mail address, spelled back and confirmed, if they want an invitation.",
        MAX_WORDS,
      ),
      attendee_phone: text('A number to call back, if the caller gives one.', MAX_WORDS),
      user_id: userId,
    }),
  },
  find_appointments: {
    description:
      "Lists the caller's own upcoming viewings. Call it before moving or cancelling one. Read `response` to the caller.",
    schema: z.object({ attendee_name: attendeeName, start_time: viewingStart, user_id: userId }),
  },
  reschedule_appointment: {
    description:
      'Moves one of the caller\'s viewings to another free time. Read `response` to the caller. The viewing has moved only if `action` is "rescheduled".',
    schema: z.object({
      appointment: text(
        'The `appointment_id` of the viewing to move, or the caller\'s own words, such as "the first one". Leave it out if there is only one.',
        MAX_WORDS,
      ),
      new_start_time: needed(
        `The \`start_time\` of an offered slot, exactly as given, or the new time ${OWN_WORDS} For example "an hour later", "same time on Friday".`,
        MAX_WORDS,
      ),
      attendee_name: attendeeName,
      start_time: viewingStart,
      user_id: userId,
    }),
  },
  cancel_appointment: {
    description:
      'Cancels one of the caller\'s viewings. Confirm with the caller first. Read `response` to the caller. The viewing is cancelled only if `action` is "cancelled".',
    schema: z.object({
      appointment: text(
        'The `appointment_id` of the viewing to cancel, or the caller\'s own words, such as "the one on Tuesday". Leave it out if there is only one.',
        MAX_WORDS,
      ),
      reason: text('The reason in their own words, if the caller gave one.', MAX_TEXT),
      attendee_name: attendeeName,
      start_time: viewingStart,
      user_id: userId,
    }),
  },
  send_authorization_link: {
    description:
      'E-mails the property manager a link to connect their calendar, to the address on file. Offer it only if `action` was "require_auth".',
    schema: z.object({ user_id: userId }),
  },
  take_message: {
    description:
      'Takes a message for the property manager. Offer it if no time fits or nothing can be booked, or if the caller asks for it. Read `response` to the caller.',
    schema: z.object({
      message: needed('What the caller wants the manager to know, complete.', MAX_TEXT),
      name: attendeeName,
      phone: text('A number to call back, if the caller gives one.', MAX_WORDS),
      user_id: userId,
    }),
  },
} as const satisfies Record<string, ToolDefinition>;

interface ToolDefinition {
  /** For the model: when to call it, and what to do with its result. */
  readonly description: string;
  readonly schema: z.ZodObject;
}

/** The name of a tool, as the model calls it. */
export type ToolName = keyof typeof TOOLS;
/** All optional: the tool asks the caller for what is missing. */
export type ToolArguments<Name extends ToolName> = Partial<z.infer<(typeof TOOLS)[Name]['schema']>>;

/** Whether there is a tool of this name. */
export function isToolName(name: string): name is ToolName {
  return Object.hasOwn(TOOLS, name);
}

/** The tools that change viewings. */
export const BOOKING_CHANGES: ReadonlySet<ToolName> = new Set<ToolName>([
  'set_appointment',
  'reschedule_appointment',
  'cancel_appointment',
]);
/** Tools that change something: the calls of one request run in order, and their results are stored. */
export const CHANGING: ReadonlySet<ToolName> = new Set([
  'set_appointment',
  'reschedule_appointment',
  'cancel_appointment',
  'send_authorization_link',
  'take_message',
]);

/**
 * The arguments of a tool, as far as they can be read: text that is too long is cut, and what is not as the schema says is
 * left out. Words that are read stay longer than what any reader takes. Null if they are no object.
 */
export function readToolArguments<Name extends ToolName>(
  name: Name,
  args: Readonly<Record<string, unknown>> | null,
): ToolArguments<Name> | null {
  if (args === null) return null;
  const read: Record<string, unknown> = {};
  for (const [key, field] of Object.entries<z.ZodType>(TOOLS[name].schema.shape)) {
    const value = tidyValue(Object.hasOwn(args, key) ? args[key] : undefined, maxLengthOf(field));
    const parsed = field.safeParse(value);
    if (parsed.success && parsed.data !== undefined) read[key] = parsed.data;
  }
  // Each value is as its own field of the schema says.
  return read as ToolArguments<Name>;
}

function maxLengthOf(field: z.ZodType): number | undefined {
  const kind = field instanceof z.ZodOptional ? field.unwrap() : field;
  return kind instanceof z.ZodString ? (kind.maxLength ?? undefined) : undefined;
}

/** What models write if they have nothing to say. */
const NOTHING = /^(null|undefined|none|n\/?a|unknown|not provided)?$/i;

function tidyValue(value: unknown, maxLength: number | undefined): unknown {
  if (value === null || value === undefined) return undefined;
  if (typeof value === 'number') return String(value);
  if (typeof value !== 'string') return value;
  const tidied = value
    // A lone half of a surrogate pair cannot be sent.
    .replace(/[\s\p{Cc}\p{Cf}\p{Cs}]+/gu, ' ')
    .trim()
    // Only now, so that blanks hide no words.
    .slice(0, maxLength)
    .replace(/\p{Cs}$/u, '')
    .trim();
  return NOTHING.test(tidied) ? undefined : tidied;
}

/** Null if it is no address that mail could go to, or if it cannot be read with certainty. */
export function readEmail(given: string | undefined): string | null {
  return given === undefined ? null : readSpokenEmail(given);
}

/** E.164; a number without a country code is taken for one of North America. */
export function readPhone(given: string | undefined): string | null {
  return given === undefined ? null : readSpokenPhone(given);
}
