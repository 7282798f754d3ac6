import type { z } from 'zod';
import type { messagesResponse } from './response-schemas.ts';
import type { StoredMessage } from '../voice/ports.ts';

/** Messages as GET /managers/{user_id}/messages shows them. */
export function toMessagesResponse(messages: readonly StoredMessage[]): z.infer<typeof messagesResponse> {
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
