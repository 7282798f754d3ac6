// The app's own share of a webhook answer: all but the waiting for Graph, which answers after 100 ms. Tables and Microsoft run in a process of their own,
// the app in another, the calls come from this one.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { connectManager } from '../sandbox/connect-manager.ts';
import { samplePeople } from '../sandbox/microsoft/people.ts';
import { findPort } from '../sandbox/ports.ts';
import { appSettings } from '../sandbox/settings.ts';
import type { Measured } from './app.ts';
import { percentile } from './numbers.ts';
import type { Surroundings } from './surroundings.ts';

const USER = '+15555551234';
/** Of each caller. */
const CALLS = 40;

async function messageOf<T>(child: ChildProcess): Promise<T> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`A process of the measurement ended with ${String(code)}`);
  });
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [T];
  return message;
}

function startChild(
  script: string,
  argument: string,
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  return fork(`bench/${script}`, [argument], {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
}

/** @throws {Error} where the answer is not the one hoped for: a refusal is quick, and measures nothing */
async function askForTimes(appUrl: string): Promise<void> {
  const answer = await fetch(`${appUrl}/vapi/webhook`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ functionCall: { name: 'get_availability', parameters: { user_id: USER } } }),
  });
  const { result } = (await answer.json()) as { result: { action: string; response: string } };
  if (result.action !== 'present_slots') throw new Error(`No times: ${result.action}, ${result.response}`);
}

async function askAtOnce(appUrl: string, atOnce: number): Promise<void> {
  const caller = async (): Promise<void> => {
    for (let call = 0; call < CALLS; call++) await askForTimes(appUrl);
  };
  await Promise.all(Array.from({ length: atOnce }, caller));
}

function show(values: readonly number[]): string {
  return `p50 ${percentile(values, 0.5).toFixed(1)} ms, p95 ${percentile(values, 0.95).toFixed(1)} ms`;
}

/** Prints its lines. */
export async function run(): Promise<void> {
  const port = await findPort(0);
  const appUrl = `http://localhost:${port}`;
  const children: ChildProcess[] = [];
  try {
    const surroundings = startChild('surroundings.ts', `${appUrl}/calendar/auth/callback`);
    children.push(surroundings);
    const { connectionString, ...standIn } = await messageOf<Surroundings>(surroundings);
    const settings = appSettings({
      appUrl,
      connectionString,
      smtpUrl: 'smtp://127.0.0.1:9',
      secrets: { encryptionKeys: `bench:${randomBytes(32).toString('base64')}`, functionKey: '' },
      standIn,
      real: null,
    });
    const app = startChild('app.ts', String(port), settings);
    children.push(app);
    await messageOf(app);
    await connectManager(appUrl, USER, samplePeople.pete.id);

    const measure = async (atOnce: number): Promise<readonly Measured[]> => {
      await askAtOnce(appUrl, atOnce);
      app.send('report');
      return messageOf<Measured[]>(app);
    };
    await measure(16);
    for (const atOnce of [1, 16]) {
      const answers = await measure(atOnce);
      const share = show(answers.map(({ total, graph }) => total - graph));
      const work = show(answers.map(({ total, waiting }) => total - waiting));
      const whole = show(answers.map(({ total }) => total));
      const budget = atOnce === 16 ? ' (budget: 5 and 15 ms)' : '';
      console.log(`webhook, ${atOnce} at once: the app's own share, tables and all: ${share}${budget}`);
      console.log(
        `webhook, ${atOnce} at once: without the waiting for tables: ${work}; the whole answer: ${whole}`,
      );
    }
  } finally {
    for (const child of children) child.kill();
  }
}
