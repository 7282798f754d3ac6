// GET /calendar/auth/status?user_id=: an operator gets a manager's connection status.
import { isoTime } from '../shared/http/responses.ts';
import { serveRoute } from '../shared/serve.ts';

serveRoute('calendarAuthStatus', {
  async GET({ app, query: { user_id }, signal }) {
    const status = await app.connections.status(user_id, signal);
    return {
      status: 200,
      body: {
        authorized: status.status === 'connected',
        status: status.status,
        expires_at: isoTime(status.expiresAt),
        calendar_email: status.calendarEmail,
        time_zone: status.timeZone,
        time_zone_assumed: status.timeZoneAssumed,
        connected_at: isoTime(status.connectedAt),
        last_refreshed_at: isoTime(status.lastRefreshedAt),
        reconnect_since: isoTime(status.reconnectSince),
        reason: status.reason,
        notifications:
          status.notifications.state === 'on'
            ? { state: 'on', expires_at: isoTime(status.notifications.expiresAt), reason: null }
            : { state: 'off', expires_at: null, reason: status.notifications.reason },
        invite: status.invite && {
          sent_at: isoTime(status.invite.sentAt),
          expires_at: isoTime(status.invite.expiresAt),
        },
      },
    };
  },
});
