// A client that sends into a connection which its server is just closing hears `ECONNRESET`, and on a busy machine that happens often.
import type { Server } from 'node:http';

/** Longer than any test or session, in milliseconds: 1 hour. */
export const KEEP_ALIVE_MS = 3_600_000;

/** Leaves the closing of idle connections to the client. */
export function keepConnections(server: Server): void {
  server.keepAliveTimeout = KEEP_ALIVE_MS;
}
