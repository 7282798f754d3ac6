// Loaded before the project's own scripts in these tests: leads https://HOST to the stand-in of the function app on this machine, and makes
// pauses short. The scripts themselves know nothing of it.
import http from 'node:http';
import https from 'node:https';
import { syncBuiltinESMExports } from 'node:module';
import timers from 'node:timers/promises';

const [host, port] = (process.env.AZURE_STAND_IN_APP ?? '').split('=');
const lead = (url) => String(url).replace(`https://${host}`, `http://127.0.0.1:${port}`);

const { fetch } = globalThis;
globalThis.fetch = (input, init) => fetch(lead(input), init);
https.get = (url, ...rest) => http.get(lead(url), ...rest);
const sleep = timers.setTimeout;
timers.setTimeout = (ms, ...rest) => sleep(Math.min(ms, 20), ...rest);
syncBuiltinESMExports();
