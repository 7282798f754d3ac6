import { z } from 'zod';
import type { StoredMessage } from '../voice/ports.ts';

/** What GET /managers/{user_id}/messages answers, newest first. */
export const messagesSchema = z
  .object({
    messages: z.array(
      z
        .object({
          message: z.string(),
          name: z.string().nullable(),
          phone: z
            .string()
            .nullable()
            .describe('E.164: the number of the call, or the one that the caller gave'),
          is_callers_number: z.boolean().describe('Whether `phone` is that of the call itself'),
          property_address: z.string().nullable().describe('The property last asked about on the call'),
          offered: z
            .array(z.string())
            .describe('The times last offered on the call, as they were read aloud'),
          received_at: z.iso.datetime(),
          mailed: z.boolean().describe('Whether the manager has been mailed it'),
        })
        .meta({ id: 'Message' }),
    ),
  })
  .meta({ id: 'Messages' });

export function toMessagesAnswer(messages: readonly StoredMessage[]): z.infer<typeof messagesSchema> {
  return {
    messages: messages.map((message) => ({
      message: message.text,
      name: message.name,
      phone: message.callerNumber ?? message.givenNumber,
      is_callers_number: message.callerNumber !== null,
      property_address: message.propertyAddress,
      offered: [...message.offered],
      received_at: new Date(message.receivedAt).toISOString(),
      mailed: message.mailed,
    })),
  };
}
