import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { promisify } from 'node:util';
import { home } from '../properties/homes.ts';
import { createConversation, MANAGER } from '../support/conversation.ts';

const conversation = createConversation();
const server = createServer((request, response) => {
  const chunks: Buffer[] = [];
  request.on('data', (chunk: Buffer) => chunks.push(chunk));
  request.on('end', () => {
    void conversation
      .send(Buffer.concat(chunks).toString())
      .then((answer) => response.end(JSON.stringify(answer)));
  });
});

beforeAll(
  () =>
    new Promise<void>((resolve) => {
      server.listen(0, '127.0.0.1', resolve);
    }),
);
afterAll(() => {
  server.closeAllConnections();
  server.close();
});

async function playCall(): Promise<{ stdout: string; actions: (string | undefined)[] }> {
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}/vapi/webhook`;
  const args = ['scripts/call.ts', '--url', url, '--assistant', 'assistant-1'];
  const { stdout } = await promisify(execFile)('node_modules/.bin/node', args);
  return { stdout, actions: [...stdout.matchAll(/ -> (\w+) in \d+ ms/g)].map(([, action]) => action) };
}

test('npm run call plays a call from the first question to the last message, and books nothing in the end', async () => {
  const { stdout, actions } = await playCall();
  expect(actions).toEqual([
    'no_rentals',
    'present_slots',
    'present_slots',
    'booked',
    'appointments',
    'present_slots',
    'rescheduled',
    'cancelled',
    'message_taken',
  ]);
  expect(stdout).toMatch(
    /caller {2}Hi, I'd like to see 12 Main Street\.\n.*\n {2}agent {3}For 12 Main Street, I have /,
  );
  expect(conversation.bookingServices.calendar(MANAGER).bookings.size).toBe(0);
});

test('npm run call looks for a home with a dog, mishears its number, and books and cancels it, if homes are listed', async () => {
  const pets = { dogs: 'yes', cats: 'no', note: null } as const;
  conversation.homes.push(
    home('829 Western Ave', { userId: MANAGER, pets, rent: 900 }),
    home('1405 Crossing Way', { userId: MANAGER, pets, rent: 975 }),
    home('77 Fox Crossing', { userId: MANAGER, bedrooms: 3 }),
  );
  const { stdout, actions } = await playCall();
  expect(actions).toEqual([
    'present_rentals',
    'rental_details',
    'property_unknown',
    'present_slots',
    'booked',
    'cancelled',
  ]);
  expect(stdout).toContain('Did you mean 1405 Crossing Way?');
  expect(stdout).toContain('Your viewing of 1405 Crossing Way is booked for');
  expect(conversation.bookingServices.calendar(MANAGER).bookings.size).toBe(0);
});
