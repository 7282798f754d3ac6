// What a listing costs while the calendar's stored copy is good, and how that compares with the plain app (plain.ts) in the same run. Tables and
// Microsoft are in one process, the app with its host in another, and the callers in this one. Microsoft answers at once, which
// is kind to the plain app: it waits for Microsoft on every question, and this one never.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { SECOND_MS } from '../shared/core/duration.ts';
import { pause } from '../shared/core/retry.ts';
import { connectManager } from '../sandbox/connect-manager.ts';
import { samplePeople } from '../sandbox/microsoft/people.ts';
import { findPort } from '../sandbox/ports.ts';
import { appSettings } from '../sandbox/settings.ts';
import type { AppKind, Command, Report } from './app.ts';
import type { Backends } from './backends.ts';
import { createCallers } from './callers.ts';
import type { Callers } from './callers.ts';
import { percentile } from './numbers.ts';

const USER = '+15555551234';
const AT_ONCE = 16;
const WARM_UP = 1_000;
const QUESTIONS = 3_000;
/** The plain app is slow. */
const PLAIN_QUESTIONS = 400;
const BUDGET = { cpuMs: 2, p50: 2, p95: 8, ratio: 10, aim: 25 };

const FLAT = JSON.stringify({
  functionCall: { name: 'get_availability', parameters: { user_id: USER } },
});
/** As VAPI sends it during a call, which remembers what it was offered. */
const CALL = JSON.stringify({
  message: {
    type: 'tool-calls',
    call: { id: 'bench-call', type: 'inboundPhoneCall', customer: { number: '+14055550123' } },
    toolCallList: [
      {
        id: 'bench-tool-call',
        type: 'function',
        function: { name: 'get_availability', arguments: { user_id: USER } },
      },
    ],
  },
});

async function messageOf<T>(child: ChildProcess): Promise<T> {
  const ended = once(child, 'exit').then(([code]) => {
    throw new Error(`A process of the measurement ended with ${String(code)}`);
  });
  const [message] = (await Promise.race([once(child, 'message'), ended])) as [T];
  return message;
}

/** With BENCH_PROFILE=FOLDER, each app leaves a profile of the processor there. */
function startChild(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string>> = {},
): ChildProcess {
  const folder = process.env['BENCH_PROFILE'];
  return fork(`bench/${script}`, args, {
    env: { PATH: process.env['PATH'], ...env },
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
    execArgv: folder === undefined ? [] : ['--cpu-prof', `--cpu-prof-dir=${folder}`],
  });
}

async function stopChild(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const ended = once(child, 'exit');
  child.disconnect();
  await ended;
}

/** What the child did since it was asked before. */
async function reportOf(app: ChildProcess, command: Command): Promise<Report> {
  app.send(command);
  return messageOf<Report>(app);
}

function show(values: readonly number[]): string {
  return `p50 ${percentile(values, 0.5).toFixed(1)} ms, p95 ${percentile(values, 0.95).toFixed(1)} ms`;
}

/** Asks until a listing needs no Graph. @throws {Error} if that never comes */
async function waitForCopy(app: ChildProcess, callers: Callers): Promise<void> {
  for (let second = 0; second < 30; second++) {
    await callers.ask();
    if ((await reportOf(app, { watch: false })).graphTrips === 0) return;
    await pause(SECOND_MS);
  }
  throw new Error('Graph is asked for every listing');
}

async function measure(
  app: ChildProcess,
  callers: Callers,
  questions: number,
): Promise<{ perSecond: number; cpuMs: number; graphTrips: number }> {
  await callers.askInTurns(AT_ONCE, Math.min(questions, WARM_UP));
  await reportOf(app, { watch: false });
  const perSecond = await callers.askInTurns(AT_ONCE, questions);
  const { cpuMs, graphTrips } = await reportOf(app, { watch: false });
  return { perSecond, cpuMs: cpuMs / questions, graphTrips };
}

/** Prints its lines. */
export async function run(): Promise<void> {
  const port = await findPort(0);
  const appUrl = `http://localhost:${port}`;
  const children: ChildProcess[] = [];
  try {
    const backends = startChild('backends.ts', [`${appUrl}/calendar/auth/callback`]);
    children.push(backends);
    const { connectionString, standIn, tokens } = await messageOf<Backends>(backends);
    const settings = appSettings({
      appUrl,
      connectionString,
      smtpUrl: 'smtp://127.0.0.1:9',
      secrets: { encryptionKeys: `bench:${randomBytes(32).toString('base64')}`, functionKey: '' },
      standIn,
      real: null,
    });
    const start = async (kind: AppKind): Promise<ChildProcess> => {
      const args = [String(port), kind, USER, tokens.accessToken, tokens.refreshToken];
      const child = startChild('app.ts', args, settings);
      children.push(child);
      await messageOf(child);
      return child;
    };

    const webhookUrl = `${appUrl}/vapi/webhook`;
    const app = await start('app');
    await connectManager(appUrl, USER, samplePeople.pete.id);
    const flat = createCallers(webhookUrl, FLAT);
    await waitForCopy(app, flat);
    const own = await measure(app, flat, QUESTIONS);
    console.log(
      `listing from a good copy: ${own.cpuMs.toFixed(2)} ms of processor time, the local host's included ` +
        `(budget: ${BUDGET.cpuMs} ms), ${own.graphTrips} trips to Graph in ${QUESTIONS}`,
    );

    await reportOf(app, { watch: true });
    await flat.askAtRate(own.perSecond / 2, QUESTIONS, AT_ONCE);
    const { answers } = await reportOf(app, { watch: false });
    console.log(
      `listing, arrivals at half of capacity, up to ${AT_ONCE} in flight: the app's own share ` +
        `${show(answers.map(({ total, waiting }) => total - waiting))} (budget: ${BUDGET.p50} and ${BUDGET.p95} ms); ` +
        `the whole answer ${show(answers.map(({ total }) => total))}`,
    );
    flat.close();

    const onCall = createCallers(webhookUrl, CALL);
    const called = await measure(app, onCall, QUESTIONS);
    console.log(
      `listing on a call, which remembers it: ${called.cpuMs.toFixed(2)} ms of processor time, ${called.perSecond.toFixed(0)} a second`,
    );
    onCall.close();
    await stopChild(app);

    for (const kind of ['plain', 'plain renewing'] as const) {
      const plainApp = await start(kind);
      const asking = createCallers(webhookUrl, FLAT);
      const plain = await measure(plainApp, asking, PLAIN_QUESTIONS);
      console.log(
        `listings a second, ${AT_ONCE} at once: ${own.perSecond.toFixed(0)}; the ${kind === 'plain' ? 'plain app' : 'plain app that renews its token each time'} ` +
          `${plain.perSecond.toFixed(0)} (${plain.cpuMs.toFixed(2)} ms of processor time, ${(plain.cpuMs / own.cpuMs).toFixed(1)} times): ${(own.perSecond / plain.perSecond).toFixed(1)} times ` +
          `(budget: ${BUDGET.ratio}, aim: ${BUDGET.aim})`,
      );
      asking.close();
      await stopChild(plainApp);
    }
  } finally {
    await Promise.all(children.map(stopChild));
  }
}
