import { expect, test } from '@jest/globals';
import { createLog } from '../../shared/core/log.ts';
import { AppError } from '../../shared/core/errors.ts';

function record() {
  const lines: string[] = [];
  const write = (line: unknown): void => {
    lines.push(String(line));
  };
  return { log: createLog({ info: write, warn: write, error: write }), lines };
}

test('a log line is one line of JSON with a stable name', () => {
  const { log, lines } = record();
  log.info('timer_completed', { timer: 'keepAlive', refreshed: 3 });
  log.warn('reconnect_required');
  expect(lines.map((line) => JSON.parse(line) as unknown)).toEqual([
    { level: 'info', event: 'timer_completed', timer: 'keepAlive', refreshed: 3 },
    { level: 'warn', event: 'reconnect_required' },
  ]);
});

test('a log line says where an error came from, without the text of a library’s message', () => {
  const { log, lines } = record();
  const cause = Object.assign(new Error('refused pete@example.com\nwith token EwSecret'), {
    code: 'ECONNREFUSED',
  });
  log.error('request_failed', {}, new AppError('mail_failed', 'The mail could not be sent', { cause }));
  expect(lines[0]).not.toMatch(/pete@|EwSecret/);
  expect(lines[0]).not.toContain('\n');
  expect(JSON.parse(lines[0] ?? '')).toMatchObject({
    error: {
      code: 'mail_failed',
      message: 'The mail could not be sent',
      stack: expect.stringContaining('at ') as unknown,
      cause: { code: 'ECONNREFUSED' },
    },
  });
});

test('a thrown value that is not an error can be logged', () => {
  const { log, lines } = record();
  log.error('odd', {}, 'EwSecret');
  expect(lines[0]).not.toContain('EwSecret');
});
