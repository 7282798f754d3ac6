// `npm run bench`: the budgets, measured on this machine. Other work on it shows in the numbers; the ratios bear it best.
import { ensureBundle } from '../sandbox/load-app.ts';
import { run as measureBundle } from './bundle.ts';
import { run as measureHomes } from './homes.ts';
import { run as measureNotifications } from './notifications.ts';
import { run as measureScheduling } from './scheduling.ts';
import { run as measureUnderstanding } from './understanding.ts';
import { run as measureWebhook } from './webhook.ts';

process.chdir(`${import.meta.dirname}/..`);
ensureBundle();
measureBundle();
measureNotifications();
measureScheduling();
measureHomes();
measureUnderstanding();
await measureWebhook();
