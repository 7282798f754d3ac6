// GET /health: monitors ask what works and what does not.
import { reportBadSettings, reportHealth } from '../shared/http/health-report.ts';
import { configProblems, settingsAgeSeconds } from '../shared/running-app.ts';
import { serveRoute } from '../shared/serve.ts';

serveRoute('health', {
  GET: ({ app }) =>
    app
      ? reportHealth(app, app.config.mail !== null, settingsAgeSeconds())
      : reportBadSettings(configProblems(), settingsAgeSeconds()),
});
