/** Every fault the app can report. The table in http.ts turns each into an HTTP status. */
export type ErrorCode =
  | 'invalid_request'
  | 'unauthorized'
  | 'not_found'
  | 'already_taken'
  | 'property_id_taken'
  | 'portfolio_full'
  | 'concurrent_update'
  | 'unsupported_media_type'
  | 'feed_unreadable'
  | 'precondition_failed'
  | 'payload_too_large'
  | 'link_invalid'
  | 'link_expired'
  | 'link_used'
  | 'wrong_browser'
  | 'state_invalid'
  | 'consent_cancelled'
  | 'admin_approval_required'
  | 'wrong_account'
  | 'no_mailbox'
  | 'not_connected'
  | 'reconnect_required'
  | 'disconnected'
  | 'microsoft_rejected'
  | 'microsoft_unreachable'
  | 'microsoft_throttled'
  | 'app_credentials_rejected'
  | 'token_unreadable'
  | 'encryption_key_missing'
  | 'storage_unavailable'
  | 'mail_not_configured'
  | 'mail_failed'
  | 'misconfigured'
  | 'deadline_exceeded'
  | 'internal';

export interface AppErrorOptions {
  /** What was caught; kept for the log's stack, never sent out. */
  cause?: unknown;
  /** One entry per bad field, for `invalid_request` and `misconfigured`. */
  details?: readonly { field: string; message: string }[];
  /** How long the other side asked us to wait, in milliseconds. */
  retryAfterMs?: number;
}

/** A fault: something that is not a business outcome. `message` is safe to show: no token, address or number in it. */
export class AppError extends Error {
  readonly code: ErrorCode;
  readonly details: AppErrorOptions['details'];
  readonly retryAfterMs: number | undefined;

  constructor(code: ErrorCode, message: string, options: AppErrorOptions = {}) {
    super(message, { cause: options.cause });
    this.name = 'AppError';
    this.code = code;
    this.details = options.details;
    this.retryAfterMs = options.retryAfterMs;
  }
}

export function isAppError(error: unknown, ...codes: ErrorCode[]): error is AppError {
  return error instanceof AppError && (codes.length === 0 || codes.includes(error.code));
}
