// What requests carry, beside the bodies of managers and properties. Each schema checks, and documents.
import type { HttpRequest } from '@azure/functions';
import * as z from 'zod';
import { AppError } from '../core/errors.ts';
import { parseEmail, parseUserId } from '../core/identifiers.ts';
import { managerName } from '../managers/manager-body.ts';
import type { Precondition } from '../managers/managers.ts';
import { storedVersion } from './entity-tags.ts';

/** A manager's id, in its one way of writing. */
export const userIdField = z
  .string({ error: 'is missing' })
  .transform((text, context) => {
    const parsed = parseUserId(text);
    if (parsed.ok) return parsed.userId;
    context.addIssue(parsed.message);
    return z.NEVER;
  })
  .meta({
    description: 'The manager: a phone number with its country code, an e-mail address, or a name',
    example: '+15555551234',
  });

const emailField = z.string().transform((text, context) => {
  const email = parseEmail(text);
  if (email !== null) return email;
  context.addIssue('must be an e-mail address');
  return z.NEVER;
});

export const userIdParams = z.object({ user_id: userIdField });
export const tokenParams = z.object({ token: z.string() });

/** The hidden field that proves that a form came from our page. */
export const formTokenBody = z.object({ form_token: z.string().default('') });

/** The query of GET /calendar/auth/start. */
export const startQuery = z.object({
  user_id: userIdField,
  calendar_email: emailField.optional().meta({ description: 'The only account that may connect' }),
});

/** The body of POST /calendar/auth/invite. */
export const inviteBody = z
  .strictObject({
    user_id: userIdField,
    calendar_email: emailField.meta({
      description: 'The only account that may connect',
      example: 'pete@example.com',
    }),
    name: managerName.nullish(),
    notify_email: emailField.nullish().meta({ description: 'Where mail to the manager goes instead' }),
  })
  .meta({ id: 'InviteBody' });

/** The body of POST /calendar/auth/disconnect. */
export const disconnectBody = z.strictObject({ user_id: userIdField }).meta({ id: 'DisconnectBody' });

export const ifMatchHeader = z.object({
  'if-match': z.string().optional().describe('Change the entry only if it still has this `ETag`'),
});
export const ifNoneMatchHeader = z.object({
  'if-none-match': z.string().optional().describe('304 if the entry still has this `ETag`'),
});
/** Either condition may be given; a PUT without one writes in any case. */
export const putHeaders = ifMatchHeader.extend({
  'if-none-match': z.literal('*').optional().describe('Create only'),
});

/** Under which versions a change is made. */
export function preconditionOf({ headers }: HttpRequest): Precondition {
  const ifMatch = headers.get('if-match');
  return {
    ifMatch: ifMatch === null ? undefined : storedVersion(ifMatch),
    ifNoneMatch: headers.get('if-none-match') === '*' ? '*' : undefined,
  };
}

/**
 * Refuses a form that another site posted: browsers say where a request comes from.
 * @throws AppError `link_invalid`
 * @see https://www.w3.org/TR/fetch-metadata/
 */
export function assertSameSite(request: HttpRequest): void {
  const site = request.headers.get('sec-fetch-site');
  if (site !== null && site !== 'same-origin' && site !== 'none') {
    throw new AppError('link_invalid', 'The form was posted by another site');
  }
}

/** A cookie's value; null if the browser did not send it. */
export function cookieOf(request: HttpRequest, name: string): string | null {
  const pairs = (request.headers.get('cookie') ?? '').split(';').map((pair) => pair.trim().split(/=(.*)/s));
  return pairs.find(([key]) => key === name)?.[1] ?? null;
}

export const notificationsQuery = z.object({
  validationToken: z
    .string()
    .max(8_192)
    .optional()
    .describe('Sent by Microsoft Graph to validate the address'),
});

/** For the documentation: every body is accepted. */
export const notificationsBody = z
  .looseObject({
    value: z.array(
      z.looseObject({
        subscriptionId: z.string(),
        clientState: z.string(),
        lifecycleEvent: z.string().optional(),
      }),
    ),
  })
  .meta({ id: 'ChangeNotifications' });
