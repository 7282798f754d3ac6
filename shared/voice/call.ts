/** One call or chat, as far as what is known of it can be trusted. No provider's own words. */
export interface Call {
  /** The provider's id of the call. Null if the request names no call. */
  readonly callId: string | null;
  /** The provider's id of the assistant that answers. */
  readonly assistantId: string | null;
  /** The line that was called, or that called: E.164 or a `sip:` address. Null on a web call. */
  readonly lineAddress: string | null;
  /** E.164: the other side's number. Null on a web call and if the number is withheld. */
  readonly callerNumber: string | null;
  /** A manager's id that the operator attached to the call. */
  readonly metadataUserId: string | null;
  /** What the assistant listens for, such as `es-419`. */
  readonly language: string | null;
}

/** One call of a tool. */
export interface ToolCall {
  /** The provider's id, exactly as sent; for a form without ids what tells the message from others. Null if there is neither. */
  readonly id: string | null;
  readonly name: string;
  /** Null if they are no JSON object. The model fills them in: nothing in them is to be trusted. */
  readonly args: Readonly<Record<string, unknown>> | null;
  /** `user_id` among the parameters that the operator fixed for this tool. Null if there is none, or if it may be another's. */
  readonly staticUserId: string | null;
}
