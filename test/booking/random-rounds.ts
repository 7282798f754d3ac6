// What is asked, edited and refused in the random operations.
import fc from 'fast-check';
import type { FaultRule } from '../../sandbox/microsoft/faults.ts';
import { at } from '../support/booking-harness.ts';
import { PATIENT } from '../support/patient.ts';

/** Few enough that everybody gets into everybody's way. */
export const STARTS = ['2026-11-24 10:00', '2026-11-24 10:30', '2026-11-24 11:00', '2026-11-25 10:00'].map(
  at,
);
export const NUMBERS = ['+13125550100', '+13125550101', '+13125550102'];

export type Step =
  | {
      readonly kind: 'book' | 'move' | 'cancel';
      readonly who: number;
      readonly start: number;
      readonly times: number;
      /** Which of two homes is booked. */
      readonly home: string;
      /** Whether an e-mail address is given. */
      readonly email: boolean;
      /** Points at the viewing heard of last, and not at the only one there is. */
      readonly pointed: boolean;
      /** On the call that this person is on already. */
      readonly sameCall: boolean;
    }
  | { readonly kind: 'edit'; readonly which: number; readonly to: number | 'deleted' | 'archived' }
  | { readonly kind: 'busy'; readonly start: number }
  | { readonly kind: 'wait'; readonly minutes: number }
  /** What Microsoft has put off is carried out. */
  | { readonly kind: 'land' };

/** What happens at the same moment, and which of the times that are offered after it somebody else asks for. */
export interface Round {
  readonly steps: readonly Step[];
  readonly asks: number | null;
}

const who = fc.nat(NUMBERS.length - 1);
const start = fc.constantFrom(...STARTS);
const asked = fc.record({
  kind: fc.constantFrom('book' as const, 'book' as const, 'move' as const, 'cancel' as const),
  who,
  start,
  /** The same request sent so many times at once. */
  times: fc.constantFrom(1, 1, 1, 2),
  home: fc.constantFrom('12 Lake St', '12 Lake St', '99 Elm Ave'),
  email: fc.boolean(),
  pointed: fc.boolean(),
  sameCall: fc.boolean(),
});
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: asked },
  {
    weight: 1,
    arbitrary: fc.record({
      kind: fc.constant('edit' as const),
      which: fc.nat(5),
      to: fc.oneof(start, fc.constantFrom('deleted' as const, 'archived' as const)),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('busy' as const), start }) },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('wait' as const), minutes: fc.constantFrom(1, 3) }) },
  { weight: 1, arbitrary: fc.constant({ kind: 'land' as const }) },
);
const fault: fc.Arbitrary<FaultRule> = fc
  .record({
    path: fc.constantFrom(
      '/v1.0/$batch',
      '/v1.0/me/events',
      '/v1.0/me/events/*',
      '/v1.0/me/calendarView',
      '/v1.0/me/calendar/events',
    ),
    after: fc.nat(4),
    times: fc.constantFrom(1, 1, 3),
    how: fc.constantFrom(
      { status: 429, retryAfter: 0 },
      { status: 429, retryAfter: 60 },
      { status: 503, retryAfter: 0 },
      { status: 403 },
      { status: 412, code: 'ErrorIrresolvableConflict' },
      { drop: 'before' as const },
      { drop: 'after' as const },
      // Carried out after its caller gave up, or heard that nothing came.
      { lands: 'on_release' as const },
      { lands: 'on_release' as const, drop: 'before' as const },
    ),
  })
  .map(({ how, ...rest }) => ({ ...rest, ...how }));
const round = fc.record({
  steps: fc.array(step, { minLength: 1, maxLength: 3 }),
  asks: fc.option(fc.nat(STARTS.length - 1), { freq: 2 }),
});
export const rounds = fc.array(round, { minLength: 2, maxLength: 5 });
export const faults = fc.array(fault, { minLength: 1, maxLength: 3 });

function asking(kind: 'book' | 'move', start: number, email = false): Round {
  const request = { who: 0, times: 1, home: '12 Lake St', email, pointed: false, sameCall: true } as const;
  return { steps: [{ ...request, kind, start: STARTS[start] ?? 0 }], asks: 0 };
}
/** Always tried: a move in doubt beside the listing of somebody else, and an address that the repeat no longer has. */
export const EXAMPLES: [Round[], FaultRule[], boolean, number][] = [
  [
    [asking('book', 0), asking('move', 2)],
    [{ path: '/v1.0/me/events/*', drop: 'after', times: 3 }],
    false,
    PATIENT.toolDeadlineMs,
  ],
  [
    [asking('book', 0, true), asking('book', 0)],
    [{ path: '/v1.0/$batch', status: 503, retryAfter: 0, times: 3 }],
    false,
    PATIENT.toolDeadlineMs,
  ],
];
