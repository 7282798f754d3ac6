declare module 'damerau-levenshtein' {
  interface Comparison {
    readonly steps: number;
    /** From 0 to 1; 1 for equal texts. */
    readonly similarity: number;
  }
  export default function compare(a: string, b: string): Comparison;
}
