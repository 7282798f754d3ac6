// Fault rules: which requests fail, how often, and how. docs/sandbox.md has the table.
import type { HttpRequest } from './http.ts';

/** When a write takes effect that is carried out later than it is answered. Times are by the stand-in's clock. */
export type Landing = 'on_release' | { afterMs: number } | { at: number };

/**
 * What goes wrong with a request that the rule matches. A rule that only delays adds to other rules; of all others the first one
 * counts.
 */
export interface FaultRule {
  /** A path with `*` for any text: `/v1.0/me/calendarView`, `/common/oauth2/*`. The query is not part of it. */
  path: string;
  method?: string;
  /** Only requests whose body invites this address. */
  attendee?: string;
  /** How many requests it strikes. Default 1. */
  times?: number;
  /** How many matching requests pass before it strikes. Default 0. */
  after?: number;
  /** What `release` and `waitForHeld` call it. Default: the path. */
  name?: string;

  /** Real milliseconds to wait before anything else. */
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
  /** `done`: the work is done, although the rule answers something else. Default `skipped` with an answer of the rule's own. */
  work?: 'done' | 'skipped';
  /**
   * The work takes effect later. It is judged then, `If-Match` included. With an answer of the rule's own, or `drop`, the caller is
   * answered at once; else the answer waits for the work.
   */
  lands?: Landing;
  /** `before`: the connection is cut without any work done (unless `lands`). `after`: the work is done, its answer is lost. */
  drop?: 'before' | 'after';
  /** `never`: the connection stays open, no answer comes. `on_release`: the work is done at once, its answer waits. */
  answer?: 'never' | 'on_release';
}

export interface Faults {
  set(rule: FaultRule): void;
  clear(): void;
  /** What strikes this request, used up by one: the first rule that does more than delay, after all delays that match. */
  take(request: HttpRequest): FaultRule | undefined;
}

function invites(body: string, address: string): boolean {
  const addresses = body.matchAll(/"address"\s*:\s*"([^"]*)"/g);
  return [...addresses].some(([, found]) => found?.toLowerCase() === address.toLowerCase());
}

function matches(rule: FaultRule, { method, path, body }: HttpRequest): boolean {
  if (rule.method && rule.method.toUpperCase() !== method) return false;
  if (rule.attendee !== undefined && !invites(body, rule.attendee)) return false;
  const pattern = rule.path.replace(/[.+?^${}()|[\]\\]/g, '\\$&').replace(/\*/g, '.*');
  return new RegExp(`^${pattern}$`, 'i').test(path);
}

function onlyDelays({ status, body, shape, drop, work, lands, answer }: FaultRule): boolean {
  return [status, body, shape, drop, work, lands, answer].every((outcome) => outcome === undefined);
}

/** The rules for faults, and how often each has still to strike. */
export function createFaults(): Faults {
  let rules: { rule: FaultRule; passing: number; left: number }[] = [];
  return {
    set(rule) {
      rules.push({ rule, passing: rule.after ?? 0, left: rule.times ?? 1 });
    },
    clear() {
      rules = [];
    },
    take(request) {
      let delayMs = 0;
      let struck: FaultRule | undefined;
      for (const entry of rules) {
        const { rule } = entry;
        if (entry.left <= 0 || !matches(rule, request) || (struck && !onlyDelays(rule))) continue;
        if (entry.passing > 0) {
          entry.passing -= 1;
          continue;
        }
        entry.left -= 1;
        delayMs += rule.delayMs ?? 0;
        if (!onlyDelays(rule)) struck = rule;
      }
      return struck || delayMs > 0 ? { ...(struck ?? { path: request.path }), delayMs } : undefined;
    },
  };
}
