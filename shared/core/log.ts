/** What a log line may carry: ids, counts, durations and codes. Never a token, body, address or number. */
export type LogFields = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** One structured line each: `event` is a stable name that alerts and dashboards ask for. */
export interface Log {
  info(event: string, fields?: LogFields): void;
  warn(event: string, fields?: LogFields): void;
  /** @param cause what was caught: its class, code and stack are logged, its message only where it is an AppError's. */
  error(event: string, fields?: LogFields, cause?: unknown): void;
}
