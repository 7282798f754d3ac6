// One instance of the app among others: takes a start from its parent, lets its callers ask for it all at once, gives back what they heard.
import { randomUUID } from 'node:crypto';
import { readConfig } from '../../shared/config.ts';
import { createApp } from '../../shared/app.ts';
import { PATIENT } from '../support/patient.ts';

export interface RaceRound {
  readonly userId: string;
  /** ISO 8601. */
  readonly start: string;
  /** Callers' numbers, E.164. */
  readonly numbers: readonly string[];
}

const result = readConfig(process.env);
if (!result.ok) throw new Error(JSON.stringify(result.problems));
const now = Number(process.env['RACE_NOW']);
const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };
// Fifty callers at once on a slow machine are not what the deadline is for.
const { webhook } = createApp(result.config, { now: () => now, log: silent, ...PATIENT });

function call(tool: string, args: Record<string, unknown>, userId: string, number: string): string {
  return JSON.stringify({
    message: {
      type: 'tool-calls',
      call: {
        id: randomUUID(),
        type: 'inboundPhoneCall',
        customer: { number },
        metadata: { user_id: userId },
      },
      toolCallList: [{ id: randomUUID(), type: 'function', function: { name: tool, arguments: args } }],
    },
  });
}

process.on('message', ({ userId, start, numbers }: RaceRound) => {
  const ask = (number: string): Promise<unknown> =>
    webhook.answer(
      call('set_appointment', { property_address: '12 Harbor Lane', start_time: start }, userId, number),
    );
  void Promise.all(numbers.map(ask)).then((replies) => process.send?.(replies));
});
process.send?.('ready');
