// POST /microsoft/notifications: Graph notifies us that calendars have changed. Anybody may post here.
import { deadlineSignal } from '../shared/core/deadline.ts';
import { SECOND_MS } from '../shared/core/duration.ts';
import { AppError, isAppError } from '../shared/core/errors.ts';
import { serveRoute } from '../shared/serve.ts';
import { recordNotifications } from '../shared/telemetry/metrics.ts';

const BODY_MS = 10 * SECOND_MS;

serveRoute('microsoftNotifications', {
  async POST({ app, query, body }) {
    // The body of this one is empty, and Graph waits.
    if (query.validationToken !== undefined) return { status: 200, text: query.validationToken };
    const bytes = await readWhole(body);
    if (bytes === null) return { status: 202 };
    const report = await app.receiveNotifications(bytes, deadlineSignal(app.markMs));
    recordNotifications({ ...report });
    if (report.failed > 0) throw new AppError('storage_unavailable', 'A change could not be marked');
    return { status: 202 };
  },
});

/** Null for a body that breaks off or does not end. */
async function readWhole(read: (signal: AbortSignal) => Promise<Uint8Array>): Promise<Uint8Array | null> {
  try {
    return await read(deadlineSignal(BODY_MS));
  } catch (error) {
    recordNotifications({ dropped: 1 });
    if (isAppError(error, 'payload_too_large')) throw error;
    return null;
  }
}
