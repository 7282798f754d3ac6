// Limits in milliseconds, for tests that are not about time.
import type { Limits } from '../../shared/app.ts';

/**
 * On a busy machine everything takes its time: only work that hangs gets this far. A test that is about a limit runs an
 * instance with the product's own limits: `app.servicesWith({}, {})`.
 */
export const PATIENT: Required<Limits> = {
  healthMs: 300_000,
  markMs: 300_000,
  attemptMs: 300_000,
  silenceMs: 300_000,
  saveMs: 300_000,
  toolDeadlineMs: 300_000,
  assistantDeadlineMs: 300_000,
  callTimeoutMs: 300_000,
  decisionMs: 300_000,
};
