// How long the endpoint of change notifications takes: Graph's handshake in a process that has just started.
import { spawnSync } from 'node:child_process';
import type { ColdHandshake } from './cold-handshake.ts';
import { median } from './numbers.ts';

const RUNS = 9;
const BUDGET_MS = 100;

/** Enough for the app to start; nothing answers there. */
const SETTINGS = {
  MICROSOFT_CLIENT_ID: 'bench',
  MICROSOFT_CLIENT_SECRET: 'bench',
  MICROSOFT_REDIRECT_URI: 'http://localhost:9/calendar/auth/callback',
  MICROSOFT_LOGIN_ENDPOINT: 'http://127.0.0.1:9',
  MICROSOFT_GRAPH_ENDPOINT: 'http://127.0.0.1:9',
  TOKEN_ENCRYPTION_KEYS: `bench:${Buffer.alloc(32, 1).toString('base64')}`,
  ALLOW_UNAUTHENTICATED_WEBHOOK: 'true',
  AzureWebJobsStorage:
    'DefaultEndpointsProtocol=http;AccountName=bench;AccountKey=YmVuY2g=;TableEndpoint=http://127.0.0.1:9/bench;',
};

/** A handshake in a process of its own. @throws {Error} if that fails */
export function shakeHandsCold(): ColdHandshake {
  const { status, stdout, stderr } = spawnSync(process.execPath, ['bench/cold-handshake.ts'], {
    encoding: 'utf8',
    env: { PATH: process.env['PATH'], ...SETTINGS },
  });
  if (status !== 0) throw new Error(stderr);
  return JSON.parse(stdout) as ColdHandshake;
}

/** Prints its lines. */
export function run(): void {
  const runs = Array.from({ length: RUNS }, shakeHandsCold);
  const answer = median(runs.map(({ answerMs }) => answerMs));
  const load = median(runs.map(({ loadMs }) => loadMs));
  console.log(
    `notifications: the handshake takes ${answer.toFixed(0)} ms of processor time in a process that has just started (budget: ${BUDGET_MS} ms), after ${load.toFixed(0)} ms for loading the app`,
  );
}
