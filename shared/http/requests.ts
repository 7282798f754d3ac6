import { z } from 'zod';
import { parseEmail, parseUserId } from '../core/identifiers.ts';
import { managerName } from '../managers/manager.ts';

export const userIdField = z
  .string()
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

/** The body of POST /calendar/auth/invite. */
export const inviteBody = z
  .strictObject({
    user_id: userIdField,
    calendar_email: emailField.meta({
      description: 'The only account that may connect',
      example: 'pete@example.com',
    }),
    name: managerName.nullish(),
    notify_email: emailField.nullish().meta({ description: 'Where the mail goes instead' }),
  })
  .meta({ id: 'InviteBody' });

/** The body of POST /calendar/auth/disconnect. */
export const disconnectBody = z.strictObject({ user_id: userIdField }).meta({ id: 'DisconnectBody' });

/** The query of GET /calendar/auth/start. */
export const startQuery = z.object({
  user_id: userIdField,
  calendar_email: emailField.optional().meta({ description: 'The only account that may connect' }),
});
