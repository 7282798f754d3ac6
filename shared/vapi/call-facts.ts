import { z } from 'zod';
import { parsePhoneNumber } from '../core/identifiers.ts';

/** What a message tells about its call, as far as it can be trusted. */
export interface CallFacts {
  /** VAPI's call id; null for the flat body. */
  readonly callId: string | null;
  readonly assistantId: string | null;
  /** E.164: the number that was dialled, or that dialled out. Null on a web call. */
  readonly dialledNumber: string | null;
  /** E.164: the other side's number. Null on a web call and where it is withheld. */
  readonly callerNumber: string | null;
  /** `user_id` in the call's `metadata` or `variableValues`: on phone calls alone, a web call's browser writes them. */
  readonly metadataUserId: string | null;
  /** What the assistant listens for, such as `es-419`. */
  readonly language: string | null;
}

const text = z.string().min(1).max(256).optional().catch(undefined);
const party = z.object({ number: text }).optional().catch(undefined);
const named = z.object({ user_id: text }).optional().catch(undefined);
const overrides = z.object({ variableValues: named }).optional().catch(undefined);
const assistant = z
  .object({ id: text, transcriber: z.object({ language: text }).optional().catch(undefined) })
  .optional()
  .catch(undefined);

const facts = z.object({
  call: z
    .object({
      id: text,
      type: text,
      assistantId: text,
      customer: party,
      phoneNumber: party,
      assistantOverrides: overrides,
      metadata: named,
    })
    .optional()
    .catch(undefined),
  customer: party,
  phoneNumber: party,
  assistant,
});

const PHONE_CALLS: readonly unknown[] = ['inboundPhoneCall', 'outboundPhoneCall'];

/** @param message a server message as it came. Never throws. */
export function readCallFacts(message: Record<string, unknown>): CallFacts {
  const { call, customer, phoneNumber, assistant } = facts.parse(message);
  // What a browser may have written is passed over: all of it on a web call, and metadata unless a telephone is sure.
  const isWeb = call === undefined || call.type === 'webCall';
  const isPhone = PHONE_CALLS.includes(call?.type);
  const number = (value: string | undefined): string | null => readNumber(isWeb ? undefined : value);
  const variables = call?.assistantOverrides?.variableValues;
  return {
    callId: call?.id ?? null,
    assistantId: call?.assistantId ?? (isPhone ? assistant?.id : undefined) ?? null,
    dialledNumber: number(phoneNumber?.number ?? call?.phoneNumber?.number),
    callerNumber: number(customer?.number ?? call?.customer?.number),
    metadataUserId: (isPhone ? (call?.metadata?.user_id ?? variables?.user_id) : undefined) ?? null,
    language: assistant?.transcriber?.language ?? null,
  };
}

/** Only what stands as E.164 is one: `anonymous`, `Restricted`, SIP addresses and the like identify nobody. */
function readNumber(number: string | undefined): string | null {
  return number?.startsWith('+') ? parsePhoneNumber(number) : null;
}
