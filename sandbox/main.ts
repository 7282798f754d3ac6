// `npm start`: the whole product on this machine. The app is the bundle that is deployed; the tables are Azurite; Microsoft and
// the mail server are stand-ins. `--port`, `--keys` (ask for a function key), `--fresh` (forget), `--folder` (where things are kept).
import { rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { CALLBACK_PATH } from '../shared/core/paths.ts';
import { createTables } from './azurite.ts';
import { checkDataVersion } from './data-version.ts';
import { createFunctionsHost } from './functions-host.ts';
import { startMessage } from './start-message.ts';
import { ensureBundle, loadApp } from './load-app.ts';
import { lockFolder } from './lock.ts';
import { createMailbox } from './mailbox.ts';
import { createMicrosoft } from './microsoft/microsoft.ts';
import { findPort } from './ports.ts';
import { createRentals } from './rentals/rentals.ts';
import { appSettings, applySettings, readRealSettings, readSecrets } from './settings.ts';
import { listTimers, startTimers } from './timers.ts';

const { values } = parseArgs({
  options: {
    /** 0: any free port, for all parts. */
    port: { type: 'string', default: '7071' },
    keys: { type: 'boolean', default: false },
    fresh: { type: 'boolean', default: false },
    folder: { type: 'string', default: join(import.meta.dirname, '../.sandbox') },
    settings: { type: 'string', default: join(import.meta.dirname, '../local.settings.json') },
  },
});

const wantedPort = Number(values.port);
if (!Number.isInteger(wantedPort) || wantedPort < 0 || wantedPort > 65_000) {
  console.error('--port is a number from 0 to 65000');
  process.exit(2);
}
async function choosePort(what: string, usual: number): Promise<number> {
  const wanted = wantedPort === 0 ? 0 : usual;
  const port = await findPort(wanted);
  if (wanted !== 0 && port !== wanted) console.log(`Port ${wanted} is taken: ${what} is on ${port}.`);
  return port;
}

ensureBundle();
const real = readRealSettings(values.settings);
// Connections made with the one Microsoft mean nothing to the other.
const folder = resolve(values.folder, real ? 'microsoft' : 'stand-in');
let unlock: () => void;
try {
  unlock = lockFolder(folder);
  if (values.fresh) {
    rmSync(folder, { recursive: true, force: true });
    unlock = lockFolder(folder);
  }
} catch (error) {
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
try {
  checkDataVersion(folder);
} catch (error) {
  unlock();
  console.error(error instanceof Error ? error.message : error);
  process.exit(1);
}
const secrets = readSecrets(join(folder, 'secrets.json'));

const appPort = await choosePort('the app', wantedPort);
const appUrl = `http://localhost:${appPort}`;
const tables = await createTables({ folder, port: await choosePort('the table service', 10_002) });
const mailbox = await createMailbox({
  port: await choosePort('the inbox', 7073),
  smtpPort: await choosePort('the mail server', 7074),
});
const microsoft = real
  ? null
  : await createMicrosoft({
      port: await choosePort('the Microsoft stand-in', 7072),
      statePath: folder,
      withSampleWeek: true,
    });
microsoft?.allowRedirectUri(`${appUrl}${CALLBACK_PATH}`);

const { connectionString } = tables;
applySettings(
  appSettings({ appUrl, connectionString, smtpUrl: mailbox.smtpUrl, secrets, standIn: microsoft, real }),
);
await loadApp();
const functionKey = values.keys ? secrets.functionKey : null;
const host = await createFunctionsHost({
  port: appPort,
  ...(functionKey !== null && { key: functionKey }),
  log: (level, line) => {
    if (level === 'error' || level === 'warning') console.error(line);
  },
  onRequest: (method, path) => {
    const before = microsoft?.graphTrips() ?? 0;
    return (status) => {
      // Calls at the same time are counted together.
      if (!microsoft || path !== '/vapi/webhook') return;
      const trips = microsoft.graphTrips() - before;
      console.log(`${method} ${path} ${status}: ${trips} round ${trips === 1 ? 'trip' : 'trips'} to Graph`);
    };
  },
});
const stopTimers = startTimers(host, (name, error) => {
  console.error(`The timer ${name} failed:`, error);
});

const rentals = await createRentals({
  port: await choosePort('the listing feed', 7075),
  appUrl,
  functionKey,
});

let isStopping = false;
async function stop(): Promise<void> {
  // npm and the terminal both pass a Ctrl-C on.
  if (isStopping) return;
  isStopping = true;
  stopTimers();
  await host.close();
  await Promise.all([mailbox.close(), microsoft?.close(), rentals.close(), tables.close()]);
  unlock();
  console.log('Stopped.');
  process.exit(0);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.on(signal, () => {
    stop().catch((error: unknown) => {
      console.error(error);
      process.exit(1);
    });
  });
}

console.log(
  startMessage({
    appUrl,
    inboxUrl: mailbox.url,
    rentalsUrl: rentals.url,
    feedUrl: rentals.feedUrl,
    standInUrl: microsoft?.url ?? null,
    tablesUrl: /TableEndpoint=([^;]+)/.exec(connectionString)?.[1] ?? '',
    functionKey,
    masterKey: functionKey === null ? null : host.masterKey,
    timers: listTimers(),
    now: Date.now(),
  }),
);
