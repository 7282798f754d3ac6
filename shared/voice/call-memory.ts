import * as z from 'zod';
import { codeOf } from '../core/errors.ts';
import type { Log } from '../core/log.ts';
import type { ToolResult } from './tool-result.ts';

const criterion = z.enum(['bedrooms', 'max_rent', 'area', 'pets', 'move_in', 'feature']);

/**
 * What a caller may refer back to, and what a call has to settle. Each entry is stored in a row of its own, so that one
 * is written without reading the others. To remember something new, add it here.
 */
export const MEMORY_ENTRIES = {
  /**
   * The slots of the last result, in order of time. `start` is epoch milliseconds; `text` has the date, as it is read
   * aloud; `isOlder`: `spokenDays` was spoken of since.
   */
  offered: z.array(
    z.object({ start: z.number(), text: z.string(), spoken: z.boolean(), isOlder: z.boolean().optional() }),
  ),
  /** The local days, `YYYY-MM-DD`, of the viewing that was booked, moved, cancelled or listed last. */
  spokenDays: z.array(z.string()),
  /** The property last asked about; empty if it is open which home is meant. */
  propertyAddress: z.string(),
  /** The viewings last listed, in the order spoken. */
  listed: z.array(
    z.object({
      bookingId: z.string(),
      start: z.number(),
      propertyAddress: z.string(),
      /** Calls that began before it was remembered have none: then it is the clock of the manager who was called. */
      timeZone: z.string().optional(),
    }),
  ),
  /** The home last named on the call, and the manager who shows it; null if it is open which home is meant. */
  lastHome: z.object({ propertyId: z.string(), userId: z.string() }).nullable(),
  /**
   * What was said that had to be asked about, and the homes that the question named, by their ids: its answer may be "the twelve".
   * `isList`: a search found them, and no home was named since.
   */
  askedHomes: z.object({ said: z.string(), homes: z.array(z.string()), isList: z.boolean().optional() }),
  /** The homes that the last line which named any read aloud, by their ids: "the second one" counts them. */
  spokenHomes: z.array(z.string()),
  /** Ids of homes that were given to the model and that a caller may say as well, such as "829": no other of these is an id. */
  givenIds: z.array(z.string()),
  /** The last search: the homes found from where its line began, what their listings leave unsaid, and where the line left off. */
  search: z.object({
    found: z.array(z.object({ propertyId: z.string(), unknown: z.array(criterion) })),
    next: z.number(),
    total: z.number(),
    relaxed: z.enum(['move_in', 'max_rent', 'bedrooms']).nullable(),
  }),
} as const satisfies Record<string, z.ZodType>;

/**
 * What an answer says. A tool that changes something has it remembered together with its result, or not at all: else a repeat
 * whose first result was lost would read the same words by an answer that nobody heard.
 */
const OF_ANSWERS: ReadonlySet<string> = new Set<keyof MemoryEntries>([
  'offered',
  'spokenDays',
  'listed',
  'askedHomes',
  'spokenHomes',
  'givenIds',
]);

/** What is remembered of a call, by the name of the entry; each is written as a whole. */
export type MemoryEntries = {
  readonly [Name in keyof typeof MEMORY_ENTRIES]?: z.infer<(typeof MEMORY_ENTRIES)[Name]>;
};
/** A start that was given to the model: `start` in epoch milliseconds, `spoken` if the line named it. */
export type RememberedSlot = z.infer<typeof MEMORY_ENTRIES.offered>[number];
/** A viewing that was read aloud; `start` in epoch milliseconds. */
export type RememberedViewing = z.infer<typeof MEMORY_ENTRIES.listed>[number];

/** The stored memory of one call, opened for one request. Faults throw AppError: `storage_unavailable`, `data_unreadable`. */
export interface CallRecord {
  recall(): Promise<MemoryEntries>;
  /** Entries that `changes` leaves out stay as they are. @param now epoch milliseconds. */
  remember(changes: MemoryEntries, now: number): Promise<void>;
  /** The result that a tool call was given before; null if it has none. */
  findResult(toolCallKey: string): Promise<ToolResult | null>;
  /**
   * Keeps the first result of a tool call, and with it what the call has to remember of it; both or neither. A later result is
   * ignored.
   * @param now epoch milliseconds
   * @param memory default: nothing
   */
  saveResult(toolCallKey: string, result: ToolResult, now: number, memory?: MemoryEntries): Promise<void>;
}

/** @param userId the manager who was called. @param signal aborts at the request's deadline. */
export type OpenCallRecord = (userId: string, callId: string, signal: AbortSignal) => CallRecord;

/** The memory of the call, as a tool uses it: read at most once per tool call. */
export interface CallMemory {
  /** Empty if the request names no call. @throws AppError `storage_unavailable`, `data_unreadable` */
  recall(): Promise<MemoryEntries>;
  /** Never rejects: a call whose memory fails goes on, because the model still has the machine times. */
  remember(changes: MemoryEntries): Promise<void>;
  /** What is to be remembered with the result. */
  ofResult(): MemoryEntries;
}

/** When a tool call of a message is at its turn, and whose turn came after it. */
export interface Turn {
  /** Resolves once the tool calls before it have ended, or have taken their time: what they leave behind is read, and overwritten. */
  readonly ready: Promise<unknown>;
  /** Its place in the message. */
  readonly at: number;
  /** The last place that has written an entry, by the entry's name; shared by all tool calls of the message. */
  readonly writers: Map<string, number>;
}

/**
 * @param record null if the request names no call
 * @param now epoch milliseconds
 * @param options.turn default: it is the only tool call of its message
 * @param options.isWithResult leaves what the answer says to `ofResult`, but closes questions at once. Default: everything is
 *   remembered at once.
 */
export function createCallMemory(
  record: CallRecord | null,
  now: number,
  log: Log,
  {
    turn = { ready: Promise.resolve(), at: 0, writers: new Map() },
    isWithResult = false,
  }: { readonly turn?: Turn; readonly isWithResult?: boolean } = {},
): CallMemory {
  let read: Promise<MemoryEntries> | undefined;
  let written: MemoryEntries = {};
  let ofResult: MemoryEntries = {};

  /** Without what a later tool call has written: its answer is heard after this one, although it came first. */
  function claim(entries: MemoryEntries): MemoryEntries {
    const own = pick(entries, (name) => (turn.writers.get(name) ?? 0) <= turn.at);
    for (const name of Object.keys(own)) turn.writers.set(name, turn.at);
    return own;
  }

  return {
    async recall() {
      read ??= turn.ready.then(() => record?.recall() ?? {});
      return { ...(await read), ...written };
    },
    async remember(changes) {
      written = { ...written, ...changes };
      const isLater = (name: string): boolean => isWithResult && OF_ANSWERS.has(name);
      // A question that is closed stays closed if the result is never saved: it must not be answered by the next yes.
      const closes = (name: string): boolean =>
        name === 'askedHomes' && changes.askedHomes?.homes.length === 0;
      ofResult = { ...ofResult, ...pick(changes, isLater) };
      try {
        await turn.ready;
        await record?.remember(claim(pick(changes, (name) => !isLater(name) || closes(name))), now);
      } catch (error) {
        log.warn('call_memory_failed', { code: codeOf(error) });
      }
    },
    ofResult: () => claim(ofResult),
  };
}

function pick(entries: MemoryEntries, isWanted: (name: string) => boolean): MemoryEntries {
  return Object.fromEntries(Object.entries(entries).filter(([name]) => isWanted(name)));
}
