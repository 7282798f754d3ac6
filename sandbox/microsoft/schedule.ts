// What the stand-in has put off: late writes, held answers and late notifications. Each one runs when the stand-in's clock
// reaches its time, or when a test releases it by name. Nothing here waits for real seconds.

export interface Postponed {
  /** What `release` asks for. */
  readonly name: string;
  /** Epoch milliseconds by the stand-in's clock. Null: only `release` runs it. */
  readonly at: number | null;
  /** In words, for whoever looks at what waits. */
  readonly what: string;
}

interface Entry extends Postponed {
  run(): Promise<void> | void;
  /** The stand-in was reset or closed first. */
  cancel(): void;
}

export interface Schedule {
  add(entry: Entry): void;
  /** Waits like `add`. @throws {Cancelled} if the stand-in is reset or closed first */
  wait(postponed: Postponed): Promise<void>;
  waiting(): Postponed[];
  /** Resolves as soon as so many entries of this name wait; without a name, any count. */
  waitFor(name: string | undefined, count: number): Promise<void>;
  /** Runs everything whose time has come, the earliest first. */
  runDue(): Promise<void>;
  /**
   * Runs what waits under the name, or everything without one, whatever its time.
   * @returns how many ran
   */
  release(name: string | undefined, order: 'in_order' | 'reversed'): Promise<number>;
  clear(): void;
}

/** Thrown to what waits when the stand-in is reset or closed. */
export class Cancelled extends Error {}

/** @param isRealClock true: timers run what is due; false: a test moves the clock, and the next request runs what is due. */
export function createSchedule(now: () => number, isRealClock: boolean): Schedule {
  let entries: Entry[] = [];
  let watchers: { name: string | undefined; count: number; resolve: () => void }[] = [];

  function matching(name: string | undefined): Entry[] {
    return entries.filter((entry) => name === undefined || entry.name === name);
  }
  async function runAll(chosen: readonly Entry[]): Promise<void> {
    entries = entries.filter((entry) => !chosen.includes(entry));
    for (const entry of chosen) await entry.run();
  }
  async function runDue(): Promise<void> {
    const due = entries
      .filter(({ at }) => at !== null && at <= now())
      .sort((a, b) => (a.at ?? 0) - (b.at ?? 0));
    await runAll(due);
  }
  function add(entry: Entry): void {
    entries.push(entry);
    const ready = watchers.filter(({ name, count }) => matching(name).length >= count);
    watchers = watchers.filter((watcher) => !ready.includes(watcher));
    for (const { resolve } of ready) resolve();
    if (!isRealClock || entry.at === null) return;
    const timer = setTimeout(() => {
      runDue().catch((error: unknown) => {
        process.emitWarning(error instanceof Error ? error : String(error));
      });
    }, entry.at - now());
    timer.unref();
  }

  return {
    add,
    wait: (postponed) =>
      new Promise((resolve, reject) => {
        add({
          ...postponed,
          run: resolve,
          cancel() {
            reject(new Cancelled(`${postponed.what} was cancelled`));
          },
        });
      }),
    waiting: () => entries.map(({ name, at, what }) => ({ name, at, what })),
    waitFor: (name, count) =>
      new Promise((resolve) => {
        if (matching(name).length >= count) resolve();
        else watchers.push({ name, count, resolve });
      }),
    runDue,
    async release(name, order) {
      const chosen = matching(name);
      await runAll(order === 'reversed' ? chosen.reverse() : chosen);
      return chosen.length;
    },
    clear() {
      const dropped = entries;
      entries = [];
      for (const entry of dropped) entry.cancel();
    },
  };
}
