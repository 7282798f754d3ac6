import type { ToolCallObserver } from '../voice/ports.ts';
import { deriveKey, hmacText } from '../core/hash.ts';
import { recordOutcome } from './metrics.ts';
import { currentSpan } from './spans.ts';

/** VAPI's ids are UUIDs. What a body claims to be one may be anything. */
const CALL_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Puts the manager, the tool and its outcome on the span of the request. A user id may be a phone number, and a plain
 * hash of those is soon guessed: the hash is keyed.
 * @param secret any secret of the app: a key for this one purpose is derived from it.
 */
export function createToolCallObserver(secret: Uint8Array): ToolCallObserver {
  const key = deriveKey(secret, 'telemetry');
  return {
    managerResolved(userId) {
      const span = currentSpan();
      if (span?.isRecording()) span.setAttribute('peterental.manager', hmacText(key, userId).slice(0, 16));
    },
    toolCallAnswered({ tool, callId, outcome }) {
      recordOutcome(outcome);
      const span = currentSpan();
      span?.setAttributes({ 'peterental.tool': tool, 'peterental.outcome': outcome });
      if (callId !== null && CALL_ID.test(callId)) span?.setAttribute('vapi.call_id', callId);
    },
  };
}
