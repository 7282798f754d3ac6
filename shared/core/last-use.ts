/** How another service answered when it was last used. */
export interface LastUse {
  /** The same fetch, watched. */
  watch(send: typeof fetch): typeof fetch;
  /** `unused` until the first answer of this process; `failing` after no answer, a 429 or a 5xx. `at` is epoch milliseconds. */
  last(): { readonly status: 'unused' | 'ok' | 'failing'; readonly at: number | null };
}

/** @param now epoch milliseconds. */
export function createLastUse(now: () => number): LastUse {
  let last: ReturnType<LastUse['last']> = { status: 'unused', at: null };
  return {
    watch: (send) => async (input, init) => {
      try {
        const response = await send(input, init);
        const isFailing = response.status === 429 || response.status >= 500;
        last = { status: isFailing ? 'failing' : 'ok', at: now() };
        return response;
      } catch (error) {
        last = { status: 'failing', at: now() };
        throw error;
      }
    },
    last: () => last,
  };
}
