// Fifty callers want one time, each from one of three processes: one gets it, and nothing is left lying about.
import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { dayInterval } from '../../shared/scheduling/zone.ts';
import type { ToolResult } from '../../shared/voice/tool-result.ts';
import { DAY, KEY, START } from '../support/test-app.ts';
import { readAnswers } from '../support/well-formed.ts';
import { createBookingApp, USER } from '../support/booking-harness.ts';
import type { RaceRound } from './race-child.ts';
import { entriesOf } from '../../shared/storage/bookings/rows.ts';
import { managerKey } from '../../shared/storage/rows.ts';

const CALLERS = 50;
const PROCESSES = 3;
/** A quick look by default; the whole proof is 20. */
const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 3);
const ZONE = 'America/Chicago';

let app: Awaited<ReturnType<typeof createBookingApp>>;
let children: ChildProcess[] = [];

async function startChild(): Promise<ChildProcess> {
  const { microsoft, services, url } = app;
  const { storage } = services.config;
  if (storage.kind !== 'connection_string') throw new Error('The tables are not here');
  const child = fork(join(process.cwd(), 'test/booking/race-child.ts'), {
    env: {
      ...process.env,
      NODE_OPTIONS: '',
      MICROSOFT_CLIENT_ID: microsoft.clientId,
      MICROSOFT_CLIENT_SECRET: microsoft.clientSecret,
      MICROSOFT_REDIRECT_URI: `${url}/calendar/auth/callback`,
      MICROSOFT_LOGIN_ENDPOINT: microsoft.url,
      MICROSOFT_GRAPH_ENDPOINT: microsoft.url,
      TOKEN_ENCRYPTION_KEYS: `one:${KEY(1)}`,
      ALLOW_UNAUTHENTICATED_WEBHOOK: 'true',
      AzureWebJobsStorage: storage.connectionString,
      RACE_NOW: String(START),
    },
  });
  await once(child, 'message');
  return child;
}

beforeAll(async () => {
  app = await createBookingApp();
  children = await Promise.all(Array.from({ length: PROCESSES }, startChild));
});
afterAll(async () => {
  for (const child of children) child.kill();
  await app.close();
});

/** What all callers heard, whichever process they asked. */
async function race(round: number, start: string): Promise<ToolResult[]> {
  // Others each time: who wins often would come to his limit.
  const numbers = Array.from({ length: CALLERS }, (_, index) => `+1312555${1_000 + round * CALLERS + index}`);
  const heard = await Promise.all(
    children.map(async (child, index) => {
      const mine = numbers.filter((_, at) => at % PROCESSES === index);
      const answered = once(child, 'message');
      child.send({ userId: USER, start, numbers: mine } satisfies RaceRound);
      const [replies] = (await answered) as [unknown[]];
      return replies.flatMap(readAnswers);
    }),
  );
  return heard.flat();
}

/** Tuesdays to Thursdays from the second week on, all at 14:00. */
function startOf(round: number): number {
  const day = Math.floor(round / 3) * 7 + (round % 3) + 8;
  const date = new Date(START + day * DAY).toISOString().slice(0, 10);
  return dayInterval(date, ZONE).start + 14 * 60 * 60_000;
}

/** Every row that holds time, with the booking it is held for, and every event with the booking it is of. */
async function readAll() {
  const rows = (await app.rowsOf('bookings')).filter(({ partitionKey }) => partitionKey === managerKey(USER));
  const starting = (prefix: string) => rows.filter(({ rowKey }) => rowKey.startsWith(prefix));
  return {
    held: starting('t:').map((row) => row['booking']),
    listed: starting('d:').flatMap((row) => entriesOf(row).map(({ bookingId }) => bookingId)),
    ofCallers: starting('c:').flatMap((row) => entriesOf(row).map(({ bookingId }) => bookingId)),
    bookings: await app.bookings(),
    pending: await app.rowsOf('pending'),
    events: app.events(),
  };
}

test(
  `${CALLERS} callers for one time, from ${PROCESSES} processes, ${ROUNDS} times over: one is booked, the others hear of other times`,
  async () => {
    const booked: string[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const at = startOf(round);
      const answers = await race(round, new Date(at).toISOString());

      expect(answers).toHaveLength(CALLERS);
      const winners = answers.filter((answer) => answer.action === 'booked');
      expect(winners.map(({ appointment }) => Date.parse(appointment.start_time))).toEqual([at]);
      const losers = answers.filter((answer) => answer.action !== 'booked');
      for (const loser of losers) {
        expect(loser).toMatchObject({ action: 'conflict', reason: 'busy' });
        if (loser.action !== 'conflict') continue;
        const offered = loser.available_slots.map(({ start_time }) => Date.parse(start_time));
        expect(offered).toEqual([at - 30 * 60_000, at + 30 * 60_000]);
      }
      booked.push(...winners.map(({ appointment }) => appointment.appointment_id));

      const { held, listed, ofCallers, bookings, pending, events } = await readAll();
      // Thirty minutes are six stretches of five.
      expect(held.toSorted()).toEqual(booked.flatMap((id) => Array.from({ length: 6 }, () => id)).toSorted());
      expect(listed.toSorted()).toEqual(booked.toSorted());
      expect(ofCallers.toSorted()).toEqual(booked.toSorted());
      expect(bookings.map(({ bookingId, state }) => [bookingId, state]).toSorted()).toEqual(
        booked.map((id) => [id, 'booked']).toSorted(),
      );
      expect(pending).toEqual([]);
      expect(events.map(({ transactionId }) => transactionId).toSorted()).toEqual(booked.toSorted());
    }
    expect(new Set(booked).size).toBe(ROUNDS);
  },
  30_000 * ROUNDS,
);
