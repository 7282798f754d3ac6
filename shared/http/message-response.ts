import type { z } from 'zod';
import { isReadable } from '../messages/message.ts';
import type { ListedMessage } from '../messages/message.ts';
import { isoTime } from './responses.ts';
import type { messagesResponse } from './response-schemas.ts';

type MessagesResponse = z.infer<typeof messagesResponse>;

function toMessage(message: ListedMessage): MessagesResponse['messages'][number] {
  const common = { received_at: isoTime(message.receivedAt), mailed: message.mailed };
  if (!isReadable(message)) {
    const unknown = { message: null, name: null, phone: null, property_address: null };
    return { ...unknown, ...common, unreadable: true, is_callers_number: false, offered: [] };
  }
  return {
    ...common,
    message: message.text,
    name: message.name,
    phone: message.callerNumber ?? message.givenNumber,
    is_callers_number: message.callerNumber !== null,
    property_address: message.propertyAddress,
    offered: [...message.offered],
  };
}

/** Messages as GET /managers/{user_id}/messages shows them. */
export function toMessagesResponse(messages: readonly ListedMessage[]): MessagesResponse {
  return { messages: messages.map(toMessage) };
}
