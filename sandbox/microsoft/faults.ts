// Trouble on demand: which requests fail, how often, and how.

/** What goes wrong with a request that a rule matches. Without an outcome the request is answered as usual, after the delay; such rules add to others. */
export interface FaultRule {
  /** A path with `*` for any text: `/v1.0/me/calendarView`, `/common/oauth2/*`. The query is not part of it. */
  path: string;
  method?: string;
  /** How many requests it strikes. Default 1. */
  times?: number;
  /** How many matching requests pass before it strikes. Default 0. */
  after?: number;
  /** Milliseconds to wait before anything else. */
  delayMs?: number;
  /** Answered in place of the work, with Microsoft's error body. */
  status?: number;
  /** Graph's error code, or the token endpoint's `error`. */
  code?: string;
  message?: string;
  /** The token endpoint's `suberror`, the number of its AADSTS code, and `claims`. */
  suberror?: string;
  aadsts?: number;
  claims?: string;
  /** Seconds. */
  retryAfter?: number;
  /** The body as is, in place of Microsoft's. */
  body?: unknown;
  /** `html`: a gateway's page; `empty`: no body. Both with `status`, 502 by default. */
  shape?: 'html' | 'empty';
  /** `before`: dropped without any work done. `after`: the work is done, its answer is lost. */
  drop?: 'before' | 'after';
}

export interface Faults {
  set(rule: FaultRule): void;
  clear(): void;
  /** What strikes this request, used up by one: the first outcome set, after all delays that match. */
  take(method: string, path: string): FaultRule | undefined;
}

function matches(rule: FaultRule, method: string, path: string): boolean {
  if (rule.method && rule.method.toUpperCase() !== method) return false;
  const pattern = rule.path.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*');
  return new RegExp(`^${pattern}$`, 'i').test(path);
}

function isDelay({ status, body, shape, drop }: FaultRule): boolean {
  return status === undefined && body === undefined && shape === undefined && drop === undefined;
}

export function createFaults(): Faults {
  let rules: { rule: FaultRule; passing: number; left: number }[] = [];
  return {
    set(rule) {
      rules.push({ rule, passing: rule.after ?? 0, left: rule.times ?? 1 });
    },
    clear() {
      rules = [];
    },
    take(method, path) {
      let delayMs = 0;
      let struck: FaultRule | undefined;
      for (const entry of rules) {
        const { rule } = entry;
        // One outcome is enough for a request; delays add up.
        if (entry.left <= 0 || !matches(rule, method, path) || (struck && !isDelay(rule))) continue;
        if (entry.passing > 0) {
          entry.passing -= 1;
          continue;
        }
        entry.left -= 1;
        delayMs += rule.delayMs ?? 0;
        if (!isDelay(rule)) struck = rule;
      }
      return struck || delayMs > 0 ? { ...(struck ?? { path }), delayMs } : undefined;
    },
  };
}
