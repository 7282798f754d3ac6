// Made by scripts/api-viewer.ts: build.ts puts it into the bundle, jest reads it from test/support/packed-viewer.ts.
declare module 'api-viewer' {
  /** HTML, by Brotli, in base64. */
  export const page: string;
  export const contentSecurityPolicy: string;
}
