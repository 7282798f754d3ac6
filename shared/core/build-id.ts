/** Written by build.ts: a hash of the bundle. */
declare const BUILD_ID: string | undefined;

/** Which build this is: 12 hexadecimal digits, the same for the same bundle; `unbuilt` if the sources run as they are. */
export const buildId = typeof BUILD_ID === 'string' ? BUILD_ID : 'unbuilt';
