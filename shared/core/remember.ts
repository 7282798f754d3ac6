/**
 * Makes a pure function remember its results, for one that is slow and asked the same again and again. It must depend on
 * nothing but its argument, and give something that nobody changes.
 * @param limit how many results to remember; then all are forgotten, and it starts again
 */
export function rememberResults<Key extends string | number, Result>(
  limit: number,
  compute: (key: Key) => Result,
): (key: Key) => Result {
  const known = new Map<Key, Result>();
  return (key) => {
    const found = known.get(key);
    if (found !== undefined) return found;
    const result = compute(key);
    if (known.size >= limit) known.clear();
    known.set(key, result);
    return result;
  };
}
