import { createHmac } from 'node:crypto';
import type { Watch } from '../voice/ports.ts';
import { recordOutcome } from './metrics.ts';
import { currentSpan } from './spans.ts';

/** VAPI's ids are UUIDs; what a body claims to be one may be anything. */
const CALL_ID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/**
 * Tells the webhook's span. A user id may be a telephone number, and a plain hash of those is soon guessed: it is keyed.
 * @param key any secret of the app's
 */
export function createWatch(key: Uint8Array): Watch {
  return {
    manager(userId) {
      const span = currentSpan();
      if (!span?.isRecording()) return;
      const hash = createHmac('sha256', key).update('telemetry ').update(userId).digest('hex').slice(0, 16);
      span.setAttribute('peterental.manager', hash);
    },
    toolCall({ tool, callId, outcome }) {
      recordOutcome(outcome);
      const span = currentSpan();
      span?.setAttributes({ 'peterental.tool': tool, 'peterental.outcome': outcome });
      if (callId !== null && CALL_ID.test(callId)) span?.setAttribute('vapi.call_id', callId);
    },
  };
}
