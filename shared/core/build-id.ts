/** Written by build.ts: a hash of every file that is deployed. */
declare const BUILD_ID: string | undefined;

/** Which build this is: 12 hexadecimal digits, the same for the same files; `unbuilt` if the sources run as they are. */
export const buildId = typeof BUILD_ID === 'string' ? BUILD_ID : 'unbuilt';
