import type { MessageContent } from '../notifications/email.ts';

/** What a caller left for a manager, as the voice agent heard it. */
export interface CallerMessage extends MessageContent {
  /** Made from the call and the text: a repeat has the same. */
  readonly id: string;
}

/** A message as it was read. */
export interface StoredMessage extends CallerMessage {
  /** Whether the manager has been mailed it. */
  readonly mailed: boolean;
}

/** A stored message that cannot be decrypted any more, because its key was removed or it was altered. */
export interface UnreadableMessage {
  readonly unreadable: true;
  /** Epoch milliseconds. */
  readonly receivedAt: number;
  readonly mailed: boolean;
}

export type ListedMessage = StoredMessage | UnreadableMessage;

/** Whether the message could be decrypted. */
export function isReadable(message: ListedMessage): message is StoredMessage {
  return !('unreadable' in message);
}
