/** What a fault means for the client. */
export interface ErrorKind {
  /** The HTTP status of a response that carries this code. */
  readonly status: number;
  /** Whether the same request may succeed in a moment. */
  readonly retryable: boolean;
  /** For docs/api.md: one sentence. */
  readonly meaning: string;
}

function kind(status: number, meaning: string): ErrorKind {
  return { status, retryable: false, meaning };
}
function retryable(status: number, meaning: string): ErrorKind {
  return { status, retryable: true, meaning };
}

/** Every fault that the app reports, by its stable code. Each code has one meaning. */
export const ERRORS = {
  invalid_request: kind(400, 'The request is not valid. `details` lists each invalid field.'),
  unauthorized: kind(401, 'The key, the secret or the signature is missing or wrong.'),
  not_found: kind(404, 'There is no such manager, property or source.'),
  manager_unknown: kind(404, 'There are several managers, and nothing tells which one is meant.'),
  already_taken: kind(409, 'The phone number, assistant or id belongs to another manager.'),
  property_id_taken: kind(409, 'Another manager of the portfolio has a property with this id.'),
  portfolio_full: kind(409, 'A portfolio holds at most 5,000 properties.'),
  concurrent_update: retryable(409, 'Another request changed the same data at the same time.'),
  precondition_failed: kind(412, 'The entry has changed since it was read (`If-Match`, `If-None-Match`).'),
  payload_too_large: kind(413, 'The body is larger than this route accepts.'),
  unsupported_media_type: kind(415, 'This route does not accept the content type.'),
  link_invalid: kind(400, 'The link is not one of ours, or the form was posted by another site.'),
  link_expired: kind(410, 'The link has expired.'),
  link_used: kind(410, 'The link has been used, or a newer one has replaced it.'),
  wrong_browser: kind(400, 'The sign-in was started in another browser.'),
  state_invalid: kind(400, 'The sign-in is unknown here, or was used before.'),
  consent_cancelled: kind(400, 'The manager or the administrator did not consent.'),
  admin_approval_required: kind(403, 'An administrator of the organization has to approve the app.'),
  wrong_account: kind(403, 'Another account than the invited one has signed in.'),
  no_mailbox: kind(422, 'The account has no mailbox that can hold appointments.'),
  not_connected: kind(409, 'The manager has not connected a calendar.'),
  reconnect_required: kind(409, 'Microsoft no longer accepts the consent: the manager has to connect again.'),
  disconnected: kind(409, 'The manager has disconnected the calendar.'),
  microsoft_rejected: kind(400, 'Microsoft refused the request.'),
  microsoft_unreachable: retryable(502, 'Microsoft did not answer, or failed.'),
  microsoft_throttled: retryable(502, 'Microsoft asks to wait.'),
  app_credentials_rejected: kind(502, 'Microsoft does not accept the credentials of the app.'),
  outcome_unknown: retryable(504, 'It is not known whether a change went through. Ask again to settle it.'),
  feed_unreadable: kind(502, 'The feed cannot be read.'),
  token_unreadable: kind(500, 'The stored tokens of a manager cannot be decrypted or read.'),
  data_unreadable: kind(500, 'A stored value cannot be decrypted or read.'),
  encryption_key_missing: kind(500, 'A stored value is encrypted with a key that the app does not have.'),
  storage_unavailable: retryable(503, 'The tables cannot be reached.'),
  mail_not_configured: kind(503, 'The app has no settings for sending mail.'),
  mail_failed: retryable(502, 'The mail could not be sent.'),
  misconfigured: kind(503, 'A setting is missing or malformed: `/health` names it.'),
  deadline_exceeded: retryable(504, 'The answer took too long.'),
  internal: kind(500, 'Something failed that should not fail.'),
} as const satisfies Record<string, ErrorKind>;

export type ErrorCode = keyof typeof ERRORS;

/** The HTTP status of a code. */
export function statusOf(code: ErrorCode): number {
  return ERRORS[code].status;
}

/** Whether the same request may succeed in a moment. */
export function isRetryable(code: ErrorCode): boolean {
  return ERRORS[code].retryable;
}

/** What a fault carries besides its code and message. */
export interface AppErrorOptions {
  /** What was caught. It goes into the log's stack trace and is never sent to a client. */
  cause?: unknown;
  /** One entry per invalid field, for `invalid_request` and `misconfigured`. */
  details?: readonly { field: string; message: string }[];
  /** How long the other side asked us to wait, in milliseconds. */
  retryAfterMs?: number;
}

/** A fault: something that is not a business outcome. `message` is safe to show: it holds no token, address or number. */
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

/** Whether a caught value is an `AppError`, and has one of these codes if any are given. */
export function isAppError(error: unknown, ...codes: ErrorCode[]): error is AppError {
  return error instanceof AppError && (codes.length === 0 || codes.includes(error.code));
}

/** The code to log for a caught value: its own, or `internal`. */
export function codeOf(error: unknown): ErrorCode {
  return isAppError(error) ? error.code : 'internal';
}
