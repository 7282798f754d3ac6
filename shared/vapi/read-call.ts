import * as z from 'zod';
import { parseCallerNumber, parseLineAddress } from '../core/identifiers.ts';
import type { Call } from '../voice/call.ts';

/** A call, and what only VAPI's own tool definitions need to know of it. */
export interface VapiCall extends Call {
  /**
   * Whether the static parameters of tools are the operator's. A browser may start a web call with an assistant or with
   * overrides of its own, tools included.
   */
  readonly hasOperatorsTools: boolean;
}

const text = z.string().min(1).max(256).optional().catch(undefined);
const customer = z.object({ number: text }).optional().catch(undefined);
const line = z.object({ number: text, sipUri: text }).optional().catch(undefined);
const named = z.object({ user_id: text }).optional().catch(undefined);
const overrides = z.looseObject({ variableValues: named }).optional().catch(undefined);
const assistant = z
  .object({ id: text, transcriber: z.object({ language: text }).optional().catch(undefined) })
  .optional()
  .catch(undefined);

const message = z.object({
  call: z
    .object({
      id: text,
      type: text,
      assistantId: text,
      customer,
      phoneNumber: line,
      assistantOverrides: overrides,
      metadata: named,
    })
    .optional()
    .catch(undefined),
  customer,
  phoneNumber: line,
  assistant,
});

const PHONE_CALLS: readonly unknown[] = ['inboundPhoneCall', 'outboundPhoneCall'];
/** Overrides that may bring tools along. */
const TOOL_OVERRIDES = ['model', 'tools', 'tools:append', 'hooks'];

/**
 * What a server message says about its call, as far as it can be trusted.
 * @param received a server message as it came. Never throws.
 */
export function readCall(received: Record<string, unknown>): VapiCall {
  const { call, customer: other, phoneNumber, assistant: inlined } = message.parse(received);
  // On a web call the browser may have written the numbers, the metadata and the variables; only a phone call is sure.
  const isWeb = call === undefined || call.type === 'webCall';
  const isPhone = PHONE_CALLS.includes(call?.type);
  const called = phoneNumber ?? call?.phoneNumber;
  const lineAddress = called?.number ?? called?.sipUri;
  const callerNumber = other?.number ?? call?.customer?.number;
  const variables = call?.assistantOverrides?.variableValues;
  const overridden = Object.keys(call?.assistantOverrides ?? {});
  return {
    callId: call?.id ?? null,
    assistantId: call?.assistantId ?? (isPhone ? inlined?.id : undefined) ?? null,
    lineAddress: isWeb || lineAddress === undefined ? null : parseLineAddress(lineAddress),
    // A caller's number is always E.164: `anonymous`, `Restricted`, a SIP address and the like identify nobody.
    callerNumber: isWeb || !callerNumber?.startsWith('+') ? null : parseCallerNumber(callerNumber),
    metadataUserId: (isPhone ? (call?.metadata?.user_id ?? variables?.user_id) : undefined) ?? null,
    language: inlined?.transcriber?.language ?? null,
    hasOperatorsTools:
      isPhone ||
      (call?.assistantId !== undefined && !TOOL_OVERRIDES.some((name) => overridden.includes(name))),
  };
}
